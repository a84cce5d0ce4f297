package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
)

const mostTold = 10

type lost struct {
	Mode      int `json:"mode"`
	Owner     int `json:"owner"`
	Times     int `json:"times"`
	HardLinks int `json:"hardLinks"`
}

type result struct {
	Entries int      `json:"entries"`
	Wrong   []string `json:"wrong"`
	Lost    lost     `json:"lost"`
}

type comparison struct {
	source, restored string
	mutex            sync.Mutex
	result           result
	// First path by inode, of files with more than one name.
	names map[uint64]string
}

// compareTrees compares all that is below two directories; the directories themselves are not compared.
func compareTrees(source, restored string) (result, error) {
	c := &comparison{source: source, restored: restored, result: result{Wrong: []string{}}, names: map[uint64]string{}}
	paths := make(chan string, 1024)
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		workers.Go(func() {
			for path := range paths {
				c.compare(path)
			}
		})
	}
	err := walk(source, func(path string) { paths <- path })
	close(paths)
	workers.Wait()
	if err != nil {
		return result{}, err
	}
	err = walk(restored, func(path string) {
		if _, err := os.Lstat(filepath.Join(source, path)); err != nil {
			c.wrong("not in the source", path)
		}
	})
	return c.result, err
}

func walk(root string, visit func(path string)) error {
	return filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		visit(path[len(root)+1:])
		return nil
	})
}

func (c *comparison) wrong(what, path string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if len(c.result.Wrong) < mostTold {
		c.result.Wrong = append(c.result.Wrong, what+": "+path)
	}
}

func (c *comparison) compare(path string) {
	from, to := filepath.Join(c.source, path), filepath.Join(c.restored, path)
	wanted, err := os.Lstat(from)
	if err != nil {
		c.wrong("unreadable in the source", path)
		return
	}
	found, err := os.Lstat(to)
	switch {
	case err != nil:
		c.wrong("missing", path)
		return
	case wanted.Mode().Type() != found.Mode().Type():
		c.wrong("of another type", path)
		return
	case wanted.Mode().Type() == fs.ModeSymlink:
		if !sameTarget(from, to) {
			c.wrong("a link to elsewhere", path)
		}
	case wanted.Mode().IsRegular():
		if wanted.Size() != found.Size() {
			c.wrong("of another size", path)
			return
		}
		if same, err := sameContent(from, to); err != nil || !same {
			c.wrong("of other content", path)
			return
		}
	}
	c.compareMetadata(path, wanted, found)
}

func (c *comparison) compareMetadata(path string, wanted, found os.FileInfo) {
	before, after := wanted.Sys().(*syscall.Stat_t), found.Sys().(*syscall.Stat_t)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.result.Entries++
	if before.Mode != after.Mode {
		c.result.Lost.Mode++
	}
	if before.Uid != after.Uid || before.Gid != after.Gid {
		c.result.Lost.Owner++
	}
	if wanted.ModTime().Sub(found.ModTime()).Abs().Seconds() >= 1 {
		c.result.Lost.Times++
	}
	if wanted.IsDir() || before.Nlink == 1 {
		return
	}
	first, seen := c.names[before.Ino]
	if !seen {
		c.names[before.Ino] = path
		return
	}
	var other syscall.Stat_t
	if syscall.Lstat(filepath.Join(c.restored, first), &other) != nil || other.Ino != after.Ino {
		c.result.Lost.HardLinks++
	}
}

func sameTarget(one, other string) bool {
	wanted, err := os.Readlink(one)
	if err != nil {
		return false
	}
	found, err := os.Readlink(other)
	return err == nil && wanted == found
}
