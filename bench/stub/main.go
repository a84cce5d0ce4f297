// Stub is an object store for measurements: the S3 calls that the measured tools make, with as little work of its own as
// can be, counted. It checks no signature and makes no MD5. Objects are files in a directory, best on tmpfs.
//
//	stub -directory DIR [-listen 127.0.0.1:0]
//
// It prints its address on a line of stdout. POST /_control and GET /_control are for who measures (control.go).
package main

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

type server struct {
	store   *store
	counter *counter
}

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to listen at")
	directory := flag.String("directory", "", "where objects are kept as files")
	latency := flag.Duration("latency", 0, "added to each request, for example 5ms")
	flag.Parse()
	if *directory == "" {
		fail("-directory is needed")
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		fail(err)
	}
	s := &server{store: newStore(*directory), counter: newCounter()}
	s.counter.latency.Store(int64(*latency))
	fmt.Println("http://" + listener.Addr().String())
	fail(http.Serve(listener, s))
}

func fail(reason any) {
	fmt.Fprintln(os.Stderr, "stub:", reason)
	os.Exit(1)
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/_control" {
		s.control(w, r)
		return
	}
	if latency := time.Duration(s.counter.latency.Load()); latency > 0 {
		time.Sleep(latency)
	}
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case bucket == "":
		s.counter.count("ListBuckets")
		fmt.Fprint(w, "<ListAllMyBucketsResult><Owner><ID>stub</ID></Owner><Buckets></Buckets></ListAllMyBucketsResult>")
	case key == "":
		s.bucket(w, r, bucket)
	default:
		s.object(w, r, name{bucket, key})
	}
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<?xml version="1.0"?><Error><Code>%s</Code><Message>%s</Message></Error>`, code, code)
}
