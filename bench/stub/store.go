package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

type name struct{ bucket, key string }

// part is a file that holds a whole object or a part of one.
type part struct {
	path string
	size int64
}

type object struct {
	parts    []part
	size     int64
	modified time.Time
	etag     string
	headers  map[string]string
}

type upload struct {
	headers map[string]string
	parts   map[int]part
}

// store knows which files make up which object.
type store struct {
	directory string
	sequence  atomic.Int64
	mutex     sync.RWMutex
	objects   map[name]*object
	indexes   map[string]*index
	uploads   map[string]*upload
}

func newStore(directory string) *store {
	s := &store{directory: directory}
	s.clear()
	return s
}

func (s *store) clear() {
	s.objects = map[name]*object{}
	s.indexes = map[string]*index{}
	s.uploads = map[string]*upload{}
}

var buffers = sync.Pool{New: func() any { buffer := make([]byte, 1<<20); return &buffer }}

// save writes a body to a file of its own.
func (s *store) save(body io.Reader) (part, error) {
	path := filepath.Join(s.directory, fmt.Sprintf("%08x", s.sequence.Add(1)))
	file, err := os.Create(path)
	if err != nil {
		return part{}, err
	}
	defer file.Close()
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	// Hidden behind plain interfaces, so that the large buffer is used.
	size, err := io.CopyBuffer(struct{ io.Writer }{file}, struct{ io.Reader }{body}, *buffer)
	return part{path, size}, err
}

// put makes an object out of parts; with onlyNew it leaves one that is there and says false.
func (s *store) put(at name, parts []part, headers map[string]string, onlyNew bool) (*object, bool) {
	// Marked as of many parts: an ETag that looks like an MD5 would be compared with one.
	etag := fmt.Sprintf(`"%032x-%d"`, s.sequence.Add(1), len(parts))
	made := &object{parts: parts, modified: time.Now(), etag: etag, headers: headers}
	for _, part := range parts {
		made.size += part.size
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if onlyNew && s.objects[at] != nil {
		return nil, false
	}
	// The files of one that is replaced stay until the wipe: someone may be reading them.
	s.objects[at] = made
	if s.indexes[at.bucket] == nil {
		s.indexes[at.bucket] = newIndex()
	}
	s.indexes[at.bucket].add(at.key)
	return made, true
}

func (s *store) get(at name) *object {
	s.mutex.RLock()
	defer s.mutex.RUnlock()
	return s.objects[at]
}

func (s *store) remove(at name) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.objects[at] != nil {
		delete(s.objects, at)
		s.indexes[at.bucket].remove(at.key)
	}
}

// list walks the keys of a bucket. Visits must not call the store.
func (s *store) list(bucket string, ask *query) {
	s.mutex.Lock() // The index sorts as it goes.
	defer s.mutex.Unlock()
	if index := s.indexes[bucket]; index != nil {
		index.walk("", ask)
	}
}

func (s *store) totals() (bytes int64, objects int) {
	s.mutex.RLock()
	defer s.mutex.RUnlock()
	for _, object := range s.objects {
		bytes += object.size
	}
	return bytes, len(s.objects)
}

func (s *store) wipe() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.clear()
	entries, _ := os.ReadDir(s.directory)
	for _, entry := range entries {
		os.Remove(filepath.Join(s.directory, entry.Name()))
	}
}
