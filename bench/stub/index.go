package main

import (
	"maps"
	"slices"
	"strings"
)

// index keeps the keys of a bucket by directory, so that listing one is no work on all others: a tool that makes an object
// of each file lists thousands of times, and its time must not be ours. Names of directories end with "/", so children in
// byte order are keys in byte order.
type index struct {
	children map[string]*index // nil: an object
	sorted   []string          // nil: not known
}

func newIndex() *index { return &index{children: map[string]*index{}} }

func (i *index) add(key string) {
	at := i
	pieces := strings.SplitAfter(key, "/")
	for _, directory := range pieces[:len(pieces)-1] {
		next := at.children[directory]
		if next == nil {
			next = newIndex()
			at.children[directory], at.sorted = next, nil
		}
		at = next
	}
	last := pieces[len(pieces)-1]
	if _, there := at.children[last]; !there {
		at.children[last], at.sorted = nil, nil
	}
}

func (i *index) remove(key string) {
	directory, rest, found := strings.Cut(key, "/")
	if !found {
		delete(i.children, key)
		i.sorted = nil
		return
	}
	next := i.children[directory+"/"]
	if next == nil {
		return
	}
	next.remove(rest)
	if len(next.children) == 0 {
		delete(i.children, directory+"/")
		i.sorted = nil
	}
}

// query is what a list call asks for.
type query struct {
	prefix, after string
	// grouped: directories directly below the prefix are told once, and not what is in them.
	grouped bool
	// visit gets keys, and names of groups, in order; false ends the walk.
	visit func(key string, group bool) bool
}

// walk visits what is below path, the name of this directory; it says false when it was ended.
func (i *index) walk(path string, ask *query) bool {
	if i.sorted == nil {
		i.sorted = slices.Sorted(maps.Keys(i.children))
	}
	for _, child := range i.sorted {
		full, below := path+child, i.children[child]
		inside := strings.HasPrefix(full, ask.prefix)
		if !inside && !strings.HasPrefix(ask.prefix, full) {
			continue
		}
		switch {
		case below == nil:
			if inside && full > ask.after && !ask.visit(full, false) {
				return false
			}
		case full < ask.after && !strings.HasPrefix(ask.after, full):
			// All of it comes before.
		case ask.grouped && inside && len(full) > len(ask.prefix):
			if !strings.HasPrefix(ask.after, full) && !ask.visit(full, true) {
				return false
			}
		case !below.walk(full, ask):
			return false
		}
	}
	return true
}
