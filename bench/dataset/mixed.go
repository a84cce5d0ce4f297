package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"
)

const (
	mixedFiles = 20_000
	mixedBytes = 1_600_000_000
	deepest    = 12
)

// mixed: 20,000 files from nothing to 256 MiB, 1.6 GB: text, programs and media, some with other owners and modes; 500
// symbolic and 300 hard links, in 400 directories. No directory is empty: not every tool keeps those.
func mixed(directory string, scale float64) {
	from := newContent(300, 0)
	directories := mixedDirectories(from, directory, count(400, scale))
	files := make([]string, count(mixedFiles, scale))
	block := make([]byte, 4*megabyte)
	for number, size := range mixedSizes(from, len(files), int64(mixedBytes*scale)) {
		where := directories[from.random.IntN(len(directories))]
		if number < len(directories) {
			where = directories[number]
		}
		files[number] = filepath.Join(where, mixedName(number))
		writeMixed(from, files[number], size, block)
		describe(from, number, files[number])
	}
	choose := func(paths []string) string { return paths[from.random.IntN(len(paths))] }
	for number := range count(500, scale) {
		target, err := filepath.Rel(directory, choose(files))
		must(err)
		target = []string{target, "../nowhere", "/etc/hostname"}[from.random.IntN(3)]
		must(os.Symlink(target, filepath.Join(choose(directories), fmt.Sprintf("symlink%d", number))))
	}
	for number := range count(300, scale) {
		must(os.Link(choose(files), filepath.Join(choose(directories), fmt.Sprintf("hardlink%d", number))))
	}
}

func mixedDirectories(from *content, root string, wanted int) []string {
	made, depths := []string{root}, []int{0}
	for number := range wanted {
		parent := 0
		if recent := len(made); from.random.IntN(5) > 0 {
			parent = max(recent-80, 0) + from.random.IntN(min(recent, 80))
		}
		if depths[parent] >= deepest {
			parent = 0
		}
		path := filepath.Join(made[parent], fmt.Sprintf("dir%03d", number))
		must(os.Mkdir(path, 0o755))
		made, depths = append(made, path), append(depths, depths[parent]+1)
	}
	return made
}

// mixedSizes are log-normal, as those of file systems are, and add up to the wanted total.
func mixedSizes(from *content, files int, total int64) []int64 {
	drawn := make([]float64, files)
	sum := 0.0
	for i := range drawn {
		drawn[i] = min(math.Exp(9.3+2.3*from.random.NormFloat64()), 256*megabyte)
		sum += drawn[i]
	}
	sizes := make([]int64, files)
	for i := range drawn {
		sizes[i] = int64(drawn[i] * float64(total) / sum)
	}
	return sizes
}

func mixedName(number int) string {
	unusual := []string{"späce name", "日本語", "-dash", `quo"te`, "emoji😀", "%41", "$(x)", "semi;colon", "*star?", "a+b&c"}
	if number < 20*len(unusual) {
		return fmt.Sprintf("%s-%d", unusual[number%len(unusual)], number)
	}
	return fmt.Sprintf("f%05d.dat", number)
}

func writeMixed(from *content, path string, size int64, block []byte) {
	fill := from.half
	switch from.random.IntN(4) {
	case 0, 1:
		fill = from.text
	case 2:
		fill = from.noise
	}
	file := create(path)
	for left := size; left > 0; {
		piece := block[:min(left, int64(len(block)))]
		fill(piece)
		write(file, piece)
		left -= int64(len(piece))
	}
	must(file.Close())
}

// describe gives some files another owner or mode, and all a time.
func describe(from *content, number int, path string) {
	ids := []int{0, 26, 999, 1000, 1001}
	if number%4 == 0 {
		must(os.Chown(path, ids[from.random.IntN(len(ids))], ids[from.random.IntN(len(ids))]))
	}
	if number%3 == 0 {
		modes := []os.FileMode{0o600, 0o640, 0o755, 0o755 | os.ModeSetuid, 0o444}
		must(os.Chmod(path, modes[from.random.IntN(len(modes))]))
	}
	modified := time.Unix(1_700_000_000+from.random.Int64N(60_000_000), from.random.Int64N(1e9))
	must(os.Chtimes(path, modified, modified))
}
