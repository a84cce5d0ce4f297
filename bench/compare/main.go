// Compare tells how a restored tree differs from its source.
//
//	compare SOURCE RESTORED
//
// It writes {"entries": 12, "wrong": ["missing: a/b", ...], "lost": {"mode": 0, "owner": 0, "times": 3, "hardLinks": 1}}:
// wrong are the first things that are missing, too many, of another type or content, or links to elsewhere; the others count
// the entries whose metadata is not that of the source. Times count when they differ by a second or more.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: compare SOURCE RESTORED")
		os.Exit(2)
	}
	result, err := compareTrees(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(result)
}
