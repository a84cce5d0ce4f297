package main

import (
	"slices"
	"testing"
)

func visited(ask query) []string {
	all := newIndex()
	for _, key := range []string{"a/x", "a-b", "a/y/1", "a/y/2", "b", "gone/1", "a/", "c/1"} {
		all.add(key)
	}
	all.remove("gone/1")
	var keys []string
	ask.visit = func(key string, group bool) bool { keys = append(keys, key); return true }
	all.walk("", &ask)
	return keys
}

func TestWalk(t *testing.T) {
	for _, test := range []struct {
		ask  query
		want []string
	}{
		{query{}, []string{"a-b", "a/", "a/x", "a/y/1", "a/y/2", "b", "c/1"}},
		{query{after: "a/x"}, []string{"a/y/1", "a/y/2", "b", "c/1"}},
		{query{prefix: "a/y"}, []string{"a/y/1", "a/y/2"}},
		{query{grouped: true}, []string{"a-b", "a/", "b", "c/"}},
		{query{grouped: true, after: "a/"}, []string{"b", "c/"}},
		{query{grouped: true, prefix: "a/"}, []string{"a/", "a/x", "a/y/"}},
		{query{prefix: "none"}, nil},
	} {
		if got := visited(test.ask); !slices.Equal(got, test.want) {
			t.Errorf("%+v: got %q, want %q", test.ask, got, test.want)
		}
	}
}
