// The plugins that the tests compare with; go.sum says what their sources are.
module ifscope.test/plugins

go 1.25

require (
	github.com/containernetworking/plugins v1.9.1
	github.com/k8snetworkplumbingwg/ovs-cni v0.39.0
	github.com/k8snetworkplumbingwg/whereabouts v0.8.0
)
