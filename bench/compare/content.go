package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"sync"
	"syscall"
)

const seekData = 3

type buffers struct{ one, other []byte }

var pool = sync.Pool{New: func() any { return &buffers{make([]byte, 1<<20), make([]byte, 1<<20)} }}

// sameContent compares two files of equal size. Where both have holes at the same place it does not read zeros.
func sameContent(one, other string) (bool, error) {
	wanted, err := os.Open(one)
	if err != nil {
		return false, err
	}
	defer wanted.Close()
	found, err := os.Open(other)
	if err != nil {
		return false, err
	}
	defer found.Close()
	both := pool.Get().(*buffers)
	defer pool.Put(both)
	for at := int64(0); ; {
		at, err = nextData(wanted, found, at)
		if err != nil || at < 0 {
			return err == nil, err
		}
		n, err := wanted.ReadAt(both.one, at)
		if err != nil && err != io.EOF {
			return false, err
		}
		m, err := found.ReadAt(both.other[:n], at)
		if m < n {
			return false, err
		}
		if !bytes.Equal(both.one[:n], both.other[:n]) {
			return false, nil
		}
		if n < len(both.one) {
			return true, nil
		}
		at += int64(n)
	}
}

// nextData gives the next offset at which either file has data, or -1.
func nextData(one, other *os.File, from int64) (int64, error) {
	next := int64(-1)
	for _, file := range []*os.File{one, other} {
		at, err := file.Seek(from, seekData)
		if errors.Is(err, syscall.ENXIO) {
			continue
		}
		if err != nil {
			return 0, err
		}
		if next < 0 || at < next {
			next = at
		}
	}
	return next, nil
}
