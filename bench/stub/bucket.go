package main

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

const namespace = `xmlns="http://s3.amazonaws.com/doc/2006-03-01/"`

func (s *server) bucket(w http.ResponseWriter, r *http.Request, bucket string) {
	query := r.URL.Query()
	switch {
	case r.Method == http.MethodPut:
		s.counter.count("CreateBucket") // Each bucket is there.
	case r.Method == http.MethodHead:
		s.counter.count("HeadBucket")
	case query.Has("location"):
		s.counter.count("GetBucketLocation")
		fmt.Fprintf(w, `<LocationConstraint %s>us-east-1</LocationConstraint>`, namespace)
	case query.Has("versioning"):
		s.counter.count("GetBucketVersioning")
		fmt.Fprintf(w, `<VersioningConfiguration %s></VersioningConfiguration>`, namespace)
	case query.Has("object-lock"):
		s.counter.count("GetObjectLockConfiguration")
		refuse(w, http.StatusNotFound, "ObjectLockConfigurationNotFoundError")
	case r.Method == http.MethodPost && query.Has("delete"):
		s.counter.count("DeleteObjects")
		s.deleteObjects(w, r, bucket)
	case r.Method == http.MethodGet:
		s.counter.count("ListObjects")
		s.listObjects(w, query, bucket)
	default:
		refuse(w, http.StatusNotImplemented, "NotImplemented")
	}
}

func (s *server) deleteObjects(w http.ResponseWriter, r *http.Request, bucket string) {
	var wanted struct{ Object []struct{ Key string } }
	if err := xml.NewDecoder(plainBody(r)).Decode(&wanted); err != nil {
		refuse(w, http.StatusBadRequest, "MalformedXML")
		return
	}
	for _, object := range wanted.Object {
		s.store.remove(name{bucket, object.Key})
	}
	fmt.Fprint(w, "<DeleteResult></DeleteResult>")
}

type listed struct {
	Key, LastModified, ETag string
	Size                    int64
	StorageClass            string
}

type commonPrefix struct{ Prefix string }

type listResult struct {
	XMLName                 xml.Name `xml:"ListBucketResult"`
	Name, Prefix, Delimiter string
	EncodingType            string `xml:",omitempty"`
	MaxKeys, KeyCount       int
	IsTruncated             bool
	// Of the second and of the first version of the call.
	NextContinuationToken, NextMarker string `xml:",omitempty"`
	Contents                          []listed
	CommonPrefixes                    []commonPrefix
}

// listObjects serves both versions of the call.
func (s *server) listObjects(w http.ResponseWriter, asked url.Values, bucket string) {
	prefix, delimiter := asked.Get("prefix"), asked.Get("delimiter")
	if delimiter != "" && delimiter != "/" {
		refuse(w, http.StatusNotImplemented, "NotImplemented")
		return
	}
	after := firstOf(asked, "continuation-token", "start-after", "marker")
	most := 1000
	if number, err := strconv.Atoi(asked.Get("max-keys")); err == nil {
		most = min(most, number)
	}
	result := listResult{
		Name: bucket, Prefix: prefix, Delimiter: delimiter, MaxKeys: most, EncodingType: asked.Get("encoding-type"),
	}
	encode := func(text string) string {
		if result.EncodingType == "url" {
			return url.QueryEscape(text)
		}
		return text
	}
	last := ""
	s.store.list(bucket, &query{prefix: prefix, after: after, grouped: delimiter != "", visit: func(key string, group bool) bool {
		if len(result.Contents)+len(result.CommonPrefixes) >= most {
			result.IsTruncated, result.NextContinuationToken, result.NextMarker = true, last, last
			return false
		}
		last = key
		if group {
			result.CommonPrefixes = append(result.CommonPrefixes, commonPrefix{encode(key)})
			return true
		}
		object := s.store.objects[name{bucket, key}]
		modified := object.modified.UTC().Format("2006-01-02T15:04:05.000Z")
		result.Contents = append(result.Contents, listed{encode(key), modified, object.etag, object.size, "STANDARD"})
		return true
	}})
	result.KeyCount = len(result.Contents) + len(result.CommonPrefixes)
	w.Header().Set("Content-Type", "application/xml")
	xml.NewEncoder(w).Encode(result)
}

func firstOf(asked url.Values, names ...string) string {
	for _, name := range names {
		if value := asked.Get(name); value != "" {
			return value
		}
	}
	return ""
}
