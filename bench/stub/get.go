package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
)

// getObject serves GET and HEAD, whole or one range.
func (s *server) getObject(w http.ResponseWriter, r *http.Request, at name) {
	found := s.store.get(at)
	if found == nil {
		refuse(w, http.StatusNotFound, "NoSuchKey")
		return
	}
	header := w.Header()
	for key, value := range found.headers {
		header.Set(key, value)
	}
	header.Set("ETag", found.etag)
	header.Set("Last-Modified", found.modified.UTC().Format(http.TimeFormat))
	header.Set("Accept-Ranges", "bytes")

	first, last, status := int64(0), found.size-1, http.StatusOK
	if asked, ok := strings.CutPrefix(r.Header.Get("Range"), "bytes="); ok {
		first, last = parseRange(asked, found.size)
		if first > last {
			refuse(w, http.StatusRequestedRangeNotSatisfiable, "InvalidRange")
			return
		}
		status = http.StatusPartialContent
		header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, found.size))
	}
	header.Set("Content-Length", strconv.FormatInt(last-first+1, 10))
	w.WriteHeader(status)
	if r.Method == http.MethodGet {
		s.counter.sent.Add(send(w, found.parts, first, last-first+1))
	}
}

// parseRange reads "A-B", "A-" and "-LENGTH"; an empty range has its last byte before its first.
func parseRange(text string, size int64) (first, last int64) {
	from, to, _ := strings.Cut(text, "-")
	if from == "" {
		length, _ := strconv.ParseInt(to, 10, 64)
		return max(size-length, 0), size - 1
	}
	first, _ = strconv.ParseInt(from, 10, 64)
	last = size - 1
	if to != "" {
		last, _ = strconv.ParseInt(to, 10, 64)
	}
	return first, min(last, size-1)
}

// send writes length bytes from offset on, by sendfile; it ends early when the reader is gone.
func send(w io.Writer, parts []part, offset, length int64) (sent int64) {
	for _, part := range parts {
		if length <= sent {
			break
		}
		if offset >= part.size {
			offset -= part.size
			continue
		}
		file, err := os.Open(part.path)
		if err != nil {
			break
		}
		file.Seek(offset, io.SeekStart)
		wanted := min(length-sent, part.size-offset)
		copied, err := io.CopyN(w, file, wanted)
		file.Close()
		sent += copied
		if err != nil {
			break
		}
		offset = 0
	}
	return sent
}
