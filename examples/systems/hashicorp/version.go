package main

import "runtime/debug"

// version of the module that this was built with.
var version = func() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "github.com/hashicorp/raft" {
				return m.Version
			}
		}
	}
	return "unknown"
}()
