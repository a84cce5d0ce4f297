package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

func (s *server) createUpload(w http.ResponseWriter, r *http.Request, at name) {
	id := s.store.begin(keptHeaders(r))
	fmt.Fprintf(w, `<InitiateMultipartUploadResult %s><Bucket>%s</Bucket><Key>k</Key><UploadId>%s</UploadId></InitiateMultipartUploadResult>`,
		namespace, at.bucket, id)
}

func (s *server) uploadPart(w http.ResponseWriter, r *http.Request, query url.Values) {
	number, err := strconv.Atoi(query.Get("partNumber"))
	if err != nil {
		refuse(w, http.StatusBadRequest, "InvalidArgument")
		return
	}
	saved, err := s.store.save(plainBody(r))
	s.counter.received.Add(saved.size)
	if err != nil {
		refuse(w, http.StatusBadRequest, "IncompleteBody")
		return
	}
	if !s.store.addPart(query.Get("uploadId"), number, saved) {
		refuse(w, http.StatusNotFound, "NoSuchUpload")
		return
	}
	w.Header().Set("ETag", fmt.Sprintf(`"%032x-1"`, number))
}

func (s *server) completeUpload(w http.ResponseWriter, r *http.Request, at name, id string) {
	io.Copy(io.Discard, r.Body) // The list of parts: all that were sent, in the order of their numbers.
	found := s.store.take(id)
	if found == nil {
		refuse(w, http.StatusNotFound, "NoSuchUpload")
		return
	}
	var parts []part
	for _, number := range slices.Sorted(maps.Keys(found.parts)) {
		parts = append(parts, found.parts[number])
	}
	made, ok := s.store.put(at, parts, found.headers, r.Header.Get("If-None-Match") == "*")
	if !ok {
		refuse(w, http.StatusPreconditionFailed, "PreconditionFailed")
		return
	}
	fmt.Fprintf(w, `<CompleteMultipartUploadResult %s><Bucket>%s</Bucket><Key>k</Key><ETag>%s</ETag></CompleteMultipartUploadResult>`,
		namespace, at.bucket, escape(made.etag))
}

func (s *store) begin(headers map[string]string) string {
	id := fmt.Sprintf("upload-%d", s.sequence.Add(1))
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.uploads[id] = &upload{headers: headers, parts: map[int]part{}}
	return id
}

func (s *store) addPart(id string, number int, saved part) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	found := s.uploads[id]
	if found == nil {
		return false
	}
	found.parts[number] = saved
	return true
}

// take ends an upload and gives what it holds.
func (s *store) take(id string) *upload {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	found := s.uploads[id]
	delete(s.uploads, id)
	return found
}

func (s *store) forget(id string) { s.take(id) }
