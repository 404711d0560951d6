// Checks checkpoints and proofs of the sealed log with Go's own code for its log of modules, golang.org/x/mod/sumdb,
// which knows nothing of this service. Debian: golang-go golang-golang-x-mod-dev.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run main.go < cases
//
// Reads one JSON object a line: a verifier key, an earlier and a later checkpoint as signed notes, the proof that the
// later only adds to the earlier, and records with their proofs. Each must hold, and none with one bit altered. Ends
// with 1 and one line on what does not hold, or prints how many of each held.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type inclusion struct {
	Index  int64       `json:"index"`
	Record []byte      `json:"record"`
	Path   []tlog.Hash `json:"path"`
}

type oneCase struct {
	Verifier    string      `json:"verifier"`
	Earlier     string      `json:"earlier"`
	Later       string      `json:"later"`
	Consistency []tlog.Hash `json:"consistency"`
	Inclusions  []inclusion `json:"inclusions"`
}

type counts struct {
	Checkpoints int `json:"checkpoints"`
	Consistency int `json:"consistency"`
	Inclusions  int `json:"inclusions"`
	Refused     int `json:"refused"`
}

func must(err error, doing string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", doing, err)
		os.Exit(1)
	}
}

func mustFail(err error, doing string, held *counts) {
	if err == nil {
		fmt.Fprintf(os.Stderr, "%s: accepted, although a bit was altered\n", doing)
		os.Exit(1)
	}
	held.Refused++
}

// open returns the size and root of a signed checkpoint: its second line and its third.
func open(signed string, key string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("a note that is no checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func altered(signed string) string {
	place := strings.Index(signed, "\n") + 1
	return signed[:place] + string(signed[place]^1) + signed[place+1:]
}

func check(each oneCase, held *counts) {
	earlier, err := open(each.Earlier, each.Verifier)
	must(err, "earlier checkpoint")
	later, err := open(each.Later, each.Verifier)
	must(err, "later checkpoint")
	held.Checkpoints += 2
	_, err = open(altered(each.Later), each.Verifier)
	mustFail(err, "checkpoint", held)

	must(tlog.CheckTree(each.Consistency, later.N, later.Hash, earlier.N, earlier.Hash), "consistency")
	held.Consistency++
	earlier.Hash[0] ^= 1
	mustFail(tlog.CheckTree(each.Consistency, later.N, later.Hash, earlier.N, earlier.Hash), "consistency", held)

	for _, one := range each.Inclusions {
		leaf := tlog.RecordHash(one.Record)
		must(tlog.CheckRecord(one.Path, later.N, later.Hash, one.Index, leaf), "inclusion")
		held.Inclusions++
		one.Record[len(one.Record)/2] ^= 1
		leaf = tlog.RecordHash(one.Record)
		mustFail(tlog.CheckRecord(one.Path, later.N, later.Hash, one.Index, leaf), "inclusion", held)
	}
}

func main() {
	var held counts
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var each oneCase
			must(json.Unmarshal(line, &each), "reading")
			check(each, &held)
		}
		if err != nil {
			break
		}
	}
	must(json.NewEncoder(os.Stdout).Encode(held), "writing")
}
