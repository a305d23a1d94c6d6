module 6.5840

go 1.25

require raftsim.example/raftsim v0.0.0

replace raftsim.example/raftsim => ../go/raftsim
