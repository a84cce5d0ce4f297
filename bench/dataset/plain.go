package main

import (
	"fmt"
	"os"
	"path/filepath"
)

const megabyte = 1 << 20

// big: 4 files of 512 MiB, half of which compresses.
func big(directory string, scale float64) {
	block := make([]byte, 16*megabyte)
	for number := range 4 {
		from := newContent(100, uint64(number))
		file := create(filepath.Join(directory, fmt.Sprintf("file%d.bin", number)))
		for range count(32, scale) {
			from.half(block)
			write(file, block)
		}
		must(file.Close())
	}
}

// small: 100,000 files of 1 to 16 KiB, 50 in a directory, 872 MB.
func small(directory string, scale float64) {
	from := newContent(200, 0)
	buffer := make([]byte, 16<<10)
	where := ""
	for number := range count(100_000, scale) {
		if number%50 == 0 {
			leaf := number / 50
			where = filepath.Join(directory, fmt.Sprintf("d%02d", leaf/100), fmt.Sprintf("s%02d", leaf/4%25), fmt.Sprintf("l%d", leaf%4))
			must(os.MkdirAll(where, 0o755))
		}
		data := buffer[:1024+from.random.IntN(15*1024+1)]
		if from.random.IntN(10) < 7 {
			from.text(data)
		} else {
			from.noise(data)
		}
		must(os.WriteFile(filepath.Join(where, fmt.Sprintf("f%06d.dat", number)), data, 0o644))
	}
}

// tiny: 2 million files of 100 bytes, 1,000 in a directory.
func tiny(directory string, scale float64) {
	from := newContent(500, 0)
	data := make([]byte, 100)
	where := ""
	for number := range count(2_000_000, scale) {
		if number%1000 == 0 {
			where = filepath.Join(directory, fmt.Sprintf("d%04d", number/1000))
			must(os.Mkdir(where, 0o755))
		}
		from.text(data)
		must(os.WriteFile(filepath.Join(where, fmt.Sprintf("f%07d", number)), data, 0o644))
	}
}

// wide: one directory of 500,000 files.
func wide(directory string, scale float64) {
	for number := range count(500_000, scale) {
		name := fmt.Sprintf("entry-%06d", number)
		must(os.WriteFile(filepath.Join(directory, name), []byte(name), 0o644))
	}
}

// sparse: a file of 1 TiB in which 256 MiB are data.
func sparse(directory string, scale float64) {
	from := newContent(600, 0)
	file := create(filepath.Join(directory, "disk.img"))
	must(file.Truncate(1 << 40))
	data := make([]byte, megabyte)
	for range count(256, scale) {
		from.half(data)
		_, err := file.WriteAt(data, from.random.Int64N(1<<20)<<20)
		must(err)
	}
	must(file.Close())
}

func create(path string) *os.File {
	file, err := os.Create(path)
	must(err)
	return file
}

func write(file *os.File, data []byte) {
	_, err := file.Write(data)
	must(err)
}
