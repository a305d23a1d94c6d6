module raft.example/small

go 1.25

require raftsim.example/raftsim v0.0.0

replace raftsim.example/raftsim => ./raftsim
