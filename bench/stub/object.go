package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

func (s *server) object(w http.ResponseWriter, r *http.Request, at name) {
	query := r.URL.Query()
	switch r.Method {
	case http.MethodPut:
		switch {
		case query.Has("partNumber"):
			s.counter.count("UploadPart")
			s.uploadPart(w, r, query)
		case r.Header.Get("X-Amz-Copy-Source") != "":
			s.counter.count("CopyObject")
			s.copyObject(w, r, at)
		default:
			s.counter.count("PutObject")
			s.putObject(w, r, at)
		}
	case http.MethodPost:
		switch {
		case query.Has("uploads"):
			s.counter.count("CreateMultipartUpload")
			s.createUpload(w, r, at)
		case query.Has("uploadId"):
			s.counter.count("CompleteMultipartUpload")
			s.completeUpload(w, r, at, query.Get("uploadId"))
		default:
			refuse(w, http.StatusNotImplemented, "NotImplemented")
		}
	case http.MethodGet:
		s.counter.count("GetObject")
		s.getObject(w, r, at)
	case http.MethodHead:
		s.counter.count("HeadObject")
		s.getObject(w, r, at)
	case http.MethodDelete:
		if query.Has("uploadId") {
			s.counter.count("AbortMultipartUpload")
			s.store.forget(query.Get("uploadId"))
		} else {
			s.counter.count("DeleteObject")
			s.store.remove(at)
		}
		w.WriteHeader(http.StatusNoContent)
	default:
		refuse(w, http.StatusMethodNotAllowed, "MethodNotAllowed")
	}
}

func (s *server) putObject(w http.ResponseWriter, r *http.Request, at name) {
	saved, err := s.store.save(plainBody(r))
	s.counter.received.Add(saved.size)
	if err != nil {
		refuse(w, http.StatusBadRequest, "IncompleteBody")
		return
	}
	made, ok := s.store.put(at, []part{saved}, keptHeaders(r), r.Header.Get("If-None-Match") == "*")
	if !ok {
		refuse(w, http.StatusPreconditionFailed, "PreconditionFailed")
		return
	}
	w.Header().Set("ETag", made.etag)
}

func (s *server) copyObject(w http.ResponseWriter, r *http.Request, at name) {
	source, err := url.PathUnescape(r.Header.Get("X-Amz-Copy-Source"))
	bucket, key, _ := strings.Cut(strings.TrimPrefix(source, "/"), "/")
	from := s.store.get(name{bucket, key})
	if err != nil || from == nil {
		refuse(w, http.StatusNotFound, "NoSuchKey")
		return
	}
	made, _ := s.store.put(at, from.parts, keptHeaders(r), false)
	modified := made.modified.UTC().Format("2006-01-02T15:04:05.000Z")
	fmt.Fprintf(w, "<CopyObjectResult><ETag>%s</ETag><LastModified>%s</LastModified></CopyObjectResult>", escape(made.etag), modified)
}

// keptHeaders gives what a later GET or HEAD must tell again.
func keptHeaders(r *http.Request) map[string]string {
	kept := map[string]string{}
	for header, values := range r.Header {
		if strings.HasPrefix(header, "X-Amz-Meta-") || header == "Content-Type" {
			kept[header] = values[0]
		}
	}
	return kept
}

func escape(etag string) string { return strings.ReplaceAll(etag, `"`, "&quot;") }
