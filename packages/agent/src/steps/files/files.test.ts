import test from "ava";
import { podOf } from "../../pods/decide.world.ts";
import { fullNameOf, hostNameOf, kernelNameOf } from "./host-name.ts";
import { hostNetworkHostsFile, hostsFile } from "./hosts-file.ts";
import { formatResolvConf, parseResolvConf, resolvConfOf, withinLimits } from "./resolv-conf.ts";

test("host names", (t) => {
	t.is(hostNameOf(podOf()), "web");
	t.is(hostNameOf(podOf({ hostname: "short" })), "short");
	const long = { ...podOf(), metadata: { ...podOf().metadata, name: `${"a".repeat(62)}.bcd` } };
	t.is(hostNameOf(long), "a".repeat(62));
	t.is(fullNameOf(podOf({ subdomain: "sub" }), "cluster.local"), "web.sub.default.svc.cluster.local");
	t.is(fullNameOf(podOf(), "cluster.local"), undefined);
	const full = podOf({ subdomain: "sub", setHostnameAsFQDN: true });
	t.is(kernelNameOf(full, "cluster.local"), "web.sub.default.svc.cluster.local");
	t.is(kernelNameOf(podOf({ hostnameOverride: "as.written" }), "cluster.local"), "as.written");
	const tooLong = podOf({ subdomain: "s".repeat(50), setHostnameAsFQDN: true });
	t.throws(() => kernelNameOf(tooLong, "cluster.local"), { message: /64 characters is the max/ });
});

test("hosts", (t) => {
	const pod = podOf({ subdomain: "sub", hostAliases: [{ ip: "10.9.9.9", hostnames: ["x", "y"] }] });
	const lines = hostsFile(pod, ["10.244.0.5", "fd00::5"], "cluster.local").split("\n");
	t.true(lines.includes("127.0.0.1\tlocalhost"));
	t.true(lines.includes("10.244.0.5\tweb.sub.default.svc.cluster.local\tweb"));
	t.true(lines.includes("fd00::5\tweb.sub.default.svc.cluster.local\tweb"));
	t.true(lines.includes("10.9.9.9\tx\ty"));
	const onHost = hostNetworkHostsFile(pod, "127.0.0.1 localhost\n192.0.2.1 host-1\n");
	t.regex(onHost, /192\.0\.2\.1 host-1\n\n# Entries added by HostAliases\.\n10\.9\.9\.9\tx\ty\n$/);
});

const options = {
	clusterDns: "10.96.0.10",
	clusterDomain: "cluster.local",
	host: parseResolvConf(
		"nameserver 192.0.2.53 # lan\nsearch lan.example .\noptions timeout:1\n;nameserver 9.9.9.9\n",
	),
};

test("resolvers by policy", (t) => {
	const text = (spec: Parameters<typeof podOf>[0]) => formatResolvConf(resolvConfOf(podOf(spec), options));
	const cluster =
		"search default.svc.cluster.local svc.cluster.local cluster.local lan.example\nnameserver 10.96.0.10\noptions ndots:5\n";
	const host = "search lan.example\nnameserver 192.0.2.53\noptions timeout:1\n";
	t.is(text({}), cluster);
	t.is(text({ dnsPolicy: "Default" }), host);
	t.is(text({ hostNetwork: true }), host);
	t.is(text({ hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" }), cluster);
	t.is(text({ dnsPolicy: "None", dnsConfig: { nameservers: ["1.1.1.1"] } }), "nameserver 1.1.1.1\n");
});

test("what resolvers would not read is left out, and that is told", (t) => {
	const conf = { nameservers: ["a", "b", "c"], searches: ["x"], options: [] };
	t.deepEqual(withinLimits(conf), { conf, omissions: [] });
	t.deepEqual(withinLimits({ ...conf, nameservers: ["a", "b", "c", "d"] }), {
		conf,
		omissions: [
			"Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: a b c",
		],
	});
	const many = Array.from({ length: 40 }, (_, index) => `d${index}.example`);
	const counted = withinLimits({ ...conf, searches: many });
	t.deepEqual(counted.conf.searches, many.slice(0, 32));
	t.regex(counted.omissions[0] ?? "", /^Search Line limits were exceeded, .* d30\.example d31\.example$/);
	const long = Array.from({ length: 12 }, (_, index) => `${"a".repeat(197)}.${index % 10}`);
	t.is(withinLimits({ ...conf, searches: long }).conf.searches.length, 10);
});

test("a pod's own resolver settings come on top", (t) => {
	const dnsConfig = {
		nameservers: ["1.1.1.1", "2.2.2.2", "3.3.3.3"],
		searches: ["cluster.local", "example.com"],
		options: [{ name: "ndots", value: "2" }, { name: "edns0" }],
	};
	const { nameservers, searches, options: set } = resolvConfOf(podOf({ dnsConfig }), options);
	t.deepEqual(nameservers, ["10.96.0.10", "1.1.1.1", "2.2.2.2", "3.3.3.3"]);
	t.deepEqual(searches.slice(-2), ["lan.example", "example.com"]);
	t.deepEqual(set, ["ndots:2", "edns0"]);
});
