// Reads a report from its input as a program of the original format does, and writes what it understood.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// report has the original format's keys and types, and no others.
type report struct {
	Model          string       `json:"model"`
	Backend        string       `json:"backend"`
	Mode           string       `json:"mode"`
	Profile        string       `json:"profile,omitempty"`
	BackendVersion string       `json:"backend_version,omitempty"`
	Cold           cold         `json:"cold_full_prefill"`
	Same           same         `json:"warm_same_prefix"`
	Changed        changed      `json:"warm_changed_suffix"`
	Edited         edited       `json:"edited_stable_segment"`
	Decode         decode       `json:"decode"`
	Curve          []curvePoint `json:"suffix_ttft_curve,omitempty"`
	Failures       failures     `json:"failure_cases"`
	Notes          []string     `json:"notes,omitempty"`
}

type cold struct {
	Tokens    int     `json:"tokens"`
	Ms        float64 `json:"ms"`
	PromptTps float64 `json:"prompt_tps"`
	TtftMs    float64 `json:"ttft_ms"`
}

type same struct {
	CachedTokens int     `json:"cached_tokens"`
	NewTokens    int     `json:"new_tokens"`
	Ms           float64 `json:"ms"`
	TtftMs       float64 `json:"ttft_ms"`
	HitRate      float64 `json:"hit_rate"`
}

type changed struct {
	CachedTokens     int     `json:"cached_tokens"`
	SuffixTokens     int     `json:"suffix_tokens"`
	Ms               float64 `json:"ms"`
	TtftMs           float64 `json:"ttft_ms"`
	OutputEqualsCold bool    `json:"output_equals_cold"`
}

type edited struct {
	ExpectedCacheMiss bool `json:"expected_cache_miss"`
	ActualCacheMiss   bool `json:"actual_cache_miss"`
	OutputEqualsCold  bool `json:"output_equals_cold"`
}

type decode struct {
	OutputTokens int     `json:"output_tokens"`
	TokensPerSec float64 `json:"tokens_per_sec"`
}

type curvePoint struct {
	SuffixTokens int     `json:"suffix_tokens"`
	TtftMs       float64 `json:"ttft_ms"`
}

type failures struct {
	OverContext  bool `json:"over_context"`
	CancelDecode bool `json:"cancel_decode"`
}

func main() {
	var understood report
	err := json.NewDecoder(os.Stdin).Decode(&understood)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(understood)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
