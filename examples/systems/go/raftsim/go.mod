module raftsim.example/raftsim

go 1.25
