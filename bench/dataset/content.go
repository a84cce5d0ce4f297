package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
)

// content makes bytes that compress as those of real files do.
type content struct {
	random *rand.Rand
	bytes  *rand.ChaCha8
}

func newContent(seed, of uint64) *content {
	random, bytes := source(seed, of)
	return &content{random, bytes}
}

// noise fills with bytes that do not compress: media, archives.
func (c *content) noise(into []byte) { c.bytes.Read(into) }

// text fills with log lines, JSON and prose, spliced from a pool in pieces too short to be found again as chunks.
func (c *content) text(into []byte) {
	pool := textPool()
	for len(into) > 0 {
		length := min(len(into), 512+c.random.IntN(7680))
		at := c.random.IntN(len(pool) - length)
		copy(into, pool[at:at+length])
		into = into[length:]
	}
}

// half fills with text and noise in turns of 64 KiB to 1 MiB: programs, office files.
func (c *content) half(into []byte) {
	for len(into) > 0 {
		length := min(len(into), 64<<10+c.random.IntN(960<<10))
		if c.random.IntN(2) == 0 {
			c.noise(into[:length])
		} else {
			c.text(into[:length])
		}
		into = into[length:]
	}
}

var words = strings.Fields(`kubernetes volume data mover snapshot persistent claim storage class node pod cluster error
	info debug request response SELECT INSERT UPDATE FROM WHERE user account order item price total status pending shipped
	cancelled http https GET POST 200 404 500 true false null id name timestamp level message service backend frontend cache
	queue worker retry timeout the a of to in and for with on at by from is was be this that`)

var textPool = sync.OnceValue(func() []byte {
	random, _ := source(1, 0)
	word := func() string { return words[random.IntN(len(words))] }
	phrase := func(least, most int) string {
		chosen := make([]string, least+random.IntN(most-least))
		for i := range chosen {
			chosen[i] = word()
		}
		return strings.Join(chosen, " ")
	}
	var pool strings.Builder
	for pool.Len() < 16<<20 {
		switch random.IntN(3) {
		case 0:
			fmt.Fprintf(&pool, "2026-%02d-%02dT%02d:%02d:%02d.%06dZ %s [%s-%d] %s id=%x\n",
				1+random.IntN(12), 1+random.IntN(28), random.IntN(24), random.IntN(60), random.IntN(60), random.IntN(1e6),
				[]string{"INFO", "WARN", "ERROR", "DEBUG"}[random.IntN(4)], word(), random.IntN(100), phrase(5, 16), random.Uint64()>>16)
		case 1:
			fmt.Fprintf(&pool, `{"id":%d,"name":"%s","price":%.2f,"tags":["%s","%s"],"uuid":"%016x%016x"}`+"\n",
				random.IntN(1e9), word(), random.Float64()*1000, word(), word(), random.Uint64(), random.Uint64())
		default:
			pool.WriteString(phrase(10, 41) + ".\n")
		}
	}
	return []byte(pool.String())
})
