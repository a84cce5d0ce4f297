package main

import (
	"bufio"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// plainBody gives the bytes of the object: clients may send them in signed pieces (aws-chunked).
func plainBody(r *http.Request) io.Reader {
	streaming := strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING")
	if !streaming && !strings.Contains(r.Header.Get("Content-Encoding"), "aws-chunked") {
		return r.Body
	}
	return &chunked{reader: bufio.NewReaderSize(r.Body, 256<<10), first: true}
}

// chunked reads pieces "LENGTH[;chunk-signature=...]\r\nBYTES\r\n"; the one of length 0 is the last, trailers follow it.
type chunked struct {
	reader *bufio.Reader
	left   int64
	first  bool
	ended  bool
}

func (c *chunked) Read(into []byte) (int, error) {
	if c.left == 0 {
		if err := c.nextPiece(); err != nil {
			return 0, err
		}
	}
	if int64(len(into)) > c.left {
		into = into[:c.left]
	}
	n, err := c.reader.Read(into)
	c.left -= int64(n)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func (c *chunked) nextPiece() error {
	if c.ended {
		return io.EOF
	}
	if !c.first {
		if _, err := c.reader.ReadString('\n'); err != nil {
			return io.ErrUnexpectedEOF
		}
	}
	c.first = false
	line, err := c.reader.ReadString('\n')
	if err != nil {
		return io.ErrUnexpectedEOF
	}
	length, _, _ := strings.Cut(strings.TrimSpace(line), ";")
	c.left, err = strconv.ParseInt(length, 16, 64)
	if err != nil {
		return err
	}
	if c.left == 0 {
		c.ended = true
		io.Copy(io.Discard, c.reader)
		return io.EOF
	}
	return nil
}
