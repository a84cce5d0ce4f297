package main

import (
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
)

const (
	pageSize    = 8192
	pages       = 131_072
	templates   = 8192
	tupleSize   = 120
	noiseOffset = 104 // within a tuple: 16 bytes that no other tuple has
	restamped   = 40  // tuples of each page, from its end
)

// db: one file of 131,072 database pages of 8 KiB, 1.07 GB: header, line pointers, tuples from the end, and zeros between.
func db(directory string, scale float64) {
	from := newContent(400, 0)
	made := make([][]byte, templates)
	for i := range made {
		made[i] = template(from)
	}
	file := create(filepath.Join(directory, "base.db"))
	page, noise := make([]byte, pageSize), make([]byte, 16*restamped)
	block := make([]byte, 0, 128*pageSize)
	for number := range count(pages, scale) {
		copy(page, made[from.random.IntN(templates)])
		from.noise(noise)
		binary.LittleEndian.PutUint64(page, uint64(number)<<16)
		for tuple := range restamped {
			at := pageSize - tupleSize*(tuple+1)
			binary.LittleEndian.PutUint32(page[at+24:], uint32(number*60+tuple))
			copy(page[at+noiseOffset:], noise[16*tuple:16*tuple+16])
		}
		block = append(block, page...)
		if len(block) == cap(block) {
			write(file, block)
			block = block[:0]
		}
	}
	write(file, block)
	must(file.Close())
}

// template is half to wholly full of tuples with text, as a table is that has been in use.
func template(from *content) []byte {
	page := make([]byte, pageSize)
	tuples := max(int((0.5+0.48*from.random.Float64())*7000/tupleSize), restamped)
	for tuple := range tuples {
		at := pageSize - tupleSize*(tuple+1)
		binary.LittleEndian.PutUint32(page[24+4*tuple:], uint32(at)|1<<15|tupleSize<<17)
		binary.LittleEndian.PutUint32(page[at:], 1000+uint32(from.random.IntN(50_000)))
		binary.LittleEndian.PutUint64(page[at+32:], 1_700_000_000_000_000+uint64(from.random.IntN(1<<40)))
		from.text(page[at+40 : at+noiseOffset])
		from.noise(page[at+noiseOffset : at+tupleSize])
	}
	return page
}

// changedDB is db with 3 % of its pages changed, anywhere: five tuples and the page's version.
func changedDB(base, directory string) {
	file := create(filepath.Join(directory, "base.db"))
	before, err := os.Open(filepath.Join(base, "base.db"))
	must(err)
	size, err := io.Copy(file, before)
	must(err)
	must(before.Close())

	from := newContent(401, 0)
	total := int(size / pageSize)
	page := make([]byte, pageSize)
	for _, number := range from.random.Perm(total)[:max(total*3/100, 1)] {
		at := int64(number) * pageSize
		_, err := file.ReadAt(page, at)
		must(err)
		for range 5 {
			tuple := pageSize - tupleSize*(from.random.IntN(restamped)+1)
			from.noise(page[tuple+noiseOffset : tuple+tupleSize])
		}
		page[0]++
		_, err = file.WriteAt(page, at)
		must(err)
	}
	must(file.Close())
}
