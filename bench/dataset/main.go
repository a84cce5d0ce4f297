// Dataset makes the data that is copied and restored: always the same bytes for the same set and scale.
//
//	dataset -set small -scale 0.5 -directory DIR [-base DIR-OF-db]
package main

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
)

// maker makes one set in a directory that is there and empty.
type maker func(directory string, scale float64)

var base string

var sets = map[string]maker{
	"big":    big,
	"small":  small,
	"mixed":  mixed,
	"db":     db,
	"db2":    func(directory string, scale float64) { changedDB(base, directory) },
	"tiny":   tiny,
	"wide":   wide,
	"sparse": sparse,
}

func main() {
	set := flag.String("set", "", "one of "+fmt.Sprint(slices.Sorted(maps.Keys(sets))))
	scale := flag.Float64("scale", 1, "part of the full size")
	directory := flag.String("directory", "", "where to make it: empty")
	flag.StringVar(&base, "base", "", "db2: where db is")
	flag.Parse()
	make, known := sets[*set]
	if !known || *directory == "" {
		flag.Usage()
		os.Exit(2)
	}
	make(*directory, *scale)
}

// source gives the random numbers of one set or file: seeded, so the same in each run.
func source(seed, of uint64) (*rand.Rand, *rand.ChaCha8) {
	var key [32]byte
	for i := range 8 {
		key[i] = byte(seed >> (8 * i))
		key[8+i] = byte(of >> (8 * i))
	}
	bytes := rand.NewChaCha8(key)
	return rand.New(bytes), bytes
}

// count scales a number of things; there is always one.
func count(full int, scale float64) int { return max(int(float64(full)*scale), 1) }

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "dataset:", err)
		os.Exit(1)
	}
}
