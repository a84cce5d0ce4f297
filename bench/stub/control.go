package main

import (
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// counter counts since the last reset.
type counter struct {
	latency       atomic.Int64
	received      atomic.Int64
	sent          atomic.Int64
	mutex         sync.Mutex
	requestsByAPI map[string]int64
}

func newCounter() *counter { return &counter{requestsByAPI: map[string]int64{}} }

func (c *counter) count(api string) {
	c.mutex.Lock()
	c.requestsByAPI[api]++
	c.mutex.Unlock()
}

func (c *counter) reset() {
	c.mutex.Lock()
	c.requestsByAPI = map[string]int64{}
	c.mutex.Unlock()
	c.received.Store(0)
	c.sent.Store(0)
}

type figures struct {
	Requests map[string]int64 `json:"requests"`
	// Bytes of object bodies, without protocol.
	ReceivedBytes int64 `json:"receivedBytes"`
	SentBytes     int64 `json:"sentBytes"`
	StoredBytes   int64 `json:"storedBytes"`
	Objects       int   `json:"objects"`
}

// control answers GET with the figures, and obeys POST: ?reset sets the counters to nothing, ?wipe removes all objects,
// ?latency=5ms is added to each request from now on.
func (s *server) control(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		query := r.URL.Query()
		if query.Has("latency") {
			latency, err := time.ParseDuration(query.Get("latency"))
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			s.counter.latency.Store(int64(latency))
		}
		if query.Has("wipe") {
			s.store.wipe()
		}
		if query.Has("reset") {
			s.counter.reset()
		}
	}
	bytes, objects := s.store.totals()
	s.counter.mutex.Lock()
	defer s.counter.mutex.Unlock()
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(figures{
		Requests:      s.counter.requestsByAPI,
		ReceivedBytes: s.counter.received.Load(),
		SentBytes:     s.counter.sent.Load(),
		StoredBytes:   bytes,
		Objects:       objects,
	})
}
