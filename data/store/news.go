package store

import "sync"

// News wakes those who wait for a topic. The zero News is ready.
type News struct {
	mu     sync.Mutex
	topics map[string]chan struct{}
}

// Watch returns a channel closed by the next Tell of the topic.
func (n *News) Watch(topic string) <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.topics == nil {
		n.topics = map[string]chan struct{}{}
	}
	ch, ok := n.topics[topic]
	if !ok {
		ch = make(chan struct{})
		n.topics[topic] = ch
	}
	return ch
}

// Tell wakes all who watch one of the topics.
func (n *News) Tell(topics ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, t := range topics {
		if ch, ok := n.topics[t]; ok {
			close(ch)
			delete(n.topics, t)
		}
	}
}
