module raftsim.example/etcd

go 1.26

require (
	go.etcd.io/raft/v3 v3.7.0
	google.golang.org/protobuf v1.36.11
	raftsim.example/raftsim v0.0.0
)

replace raftsim.example/raftsim => ../go/raftsim
