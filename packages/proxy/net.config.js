// Tests that give real rules to the kernel in network namespaces of their own: root, iptables and conntrack needed.
export default {
	files: ["packages/proxy/src/**/*.net-test.ts"],
	extensions: ["ts"],
	timeout: "120s",
};
