import test from "ava";
import type { Answer } from "dns-packet";
import { RCODE, TYPE } from "./query.ts";
import { type Resolution, resolve } from "./resolve.ts";
import { ZONE } from "./zone.fixture.ts";

const NOW = Date.UTC(2026, 0, 1);
const ask = (name: string, type: keyof typeof TYPE = "A"): Resolution => resolve(ZONE, name, TYPE[type], NOW);
const svc = (name: string) => `${name}.default.svc.cluster.local`;

function reply(name: string, type: keyof typeof TYPE = "A") {
	const found = ask(name, type);
	if (found.kind !== "reply") throw new Error(`${name} is ${found.kind}`);
	return found.reply;
}
const text = (record: Answer) =>
	"data" in record ? `${record.type} ${JSON.stringify(record.data)}` : record.type;
const answers = (name: string, type: keyof typeof TYPE = "A") => (reply(name, type).answers ?? []).map(text);

/** `exists`: no records of the type; `denied`: no such name. Both say for how long that holds. */
const negative = (name: string, type: keyof typeof TYPE = "A") => {
	const { code, answers: records = [], authorities = [] } = reply(name, type);
	if (records.length > 0) return "answered";
	const [authority] = authorities;
	if (authority?.type !== "SOA" || authority.ttl !== 30 || authority.data.minimum !== 30)
		return "no authority";
	return code === RCODE.NXDOMAIN ? "denied" : code === RCODE.NOERROR ? "exists" : `${code}`;
};

test("services", (t) => {
	t.deepEqual(answers(svc("web")), ['A "10.96.0.20"']);
	t.like(reply(svc("web")).answers?.[0], { ttl: 5 });
	t.is(negative(svc("web"), "AAAA"), "exists");
	t.is(negative(svc("web"), "TXT"), "exists");
	t.deepEqual(answers(svc("six")), ['A "10.96.0.21"']);
	t.deepEqual(answers(svc("six"), "AAAA"), ['AAAA "fd00:96::21"']);
	t.is(answers(svc("six"), "ANY").length, 2);
	t.is(negative(svc("nothing")), "denied");
	t.is(negative("web.other.svc.cluster.local"), "denied");
	t.is(negative(`x.y.z.${svc("web")}`), "denied");
});

test("headless services: the ready endpoints, or all where that is wanted", (t) => {
	t.deepEqual(answers(svc("db")), ['A "10.244.1.2"', 'A "10.244.1.3"', 'A "10.244.1.5"']);
	t.deepEqual(answers(svc("db"), "AAAA"), ['AAAA "fd00:244::2"']);
	t.deepEqual(answers(svc("slow")), ['A "10.244.1.6"']);
	t.is(negative(svc("empty")), "exists");
});

test("endpoints by host name, or by address with dashes", (t) => {
	t.deepEqual(answers(`db-0.${svc("db")}`), ['A "10.244.1.2"']);
	t.deepEqual(answers(`10-244-1-5.${svc("db")}`), ['A "10.244.1.5"']);
	t.deepEqual(answers(`slow-0.${svc("slow")}`), ['A "10.244.1.6"']);
	t.is(negative(`db-2.${svc("db")}`), "denied");
	t.is(negative(`10-244-1-2.${svc("db")}`), "denied");
	t.is(negative(`db-1.${svc("db")}`, "AAAA"), "exists");
});

test("ports", (t) => {
	t.deepEqual(answers(`_http._tcp.${svc("web")}`, "SRV"), [
		`SRV {"priority":0,"weight":100,"port":80,"target":"${svc("web")}"}`,
	]);
	t.deepEqual(reply(`_http._tcp.${svc("web")}`, "SRV").additionals?.map(text), ['A "10.96.0.20"']);
	t.is(negative(`_http._udp.${svc("web")}`, "SRV"), "denied");
	t.is(negative(`_http._tcp.${svc("web")}`, "A"), "exists");
	t.is(negative(`_tcp.${svc("web")}`, "SRV"), "exists");
	t.is(negative(`_sctp.${svc("web")}`, "SRV"), "denied");
	t.is(answers(svc("web"), "SRV").length, 2);
});

test("ports of headless services are those of each endpoint", (t) => {
	const { answers: records = [], additionals = [] } = reply(`_http._tcp.${svc("db")}`, "SRV");
	t.deepEqual(
		records.map(
			(record) => record.type === "SRV" && [record.data.target, record.data.port, record.data.weight],
		),
		[
			[`db-0.${svc("db")}`, 8080, 25],
			[`db-1.${svc("db")}`, 8080, 25],
			[`10-244-1-5.${svc("db")}`, 8080, 25],
			[`db-0.${svc("db")}`, 8080, 25],
		],
	);
	t.is(additionals.length, 4);
});

test("external names: within the cluster the whole chain, beyond it the first step", (t) => {
	t.deepEqual(answers(svc("alias")), [`CNAME "${svc("web")}"`, 'A "10.96.0.20"']);
	t.deepEqual(answers(svc("alias"), "CNAME"), [`CNAME "${svc("web")}"`]);
	t.like(ask(svc("outside")), { kind: "continue", target: "www.example.com" });
	t.deepEqual(answers(svc("outside"), "CNAME"), ['CNAME "www.Example.com"']);
	t.is(reply(svc("ring")).code, RCODE.SERVFAIL);
	const dead = reply(svc("dead"));
	t.deepEqual([dead.code, dead.answers?.length, dead.authorities?.length], [RCODE.NXDOMAIN, 1, 1]);
	const typed = reply(svc("alias"), "TXT");
	t.deepEqual([typed.code, typed.answers?.length, typed.authorities?.length], [RCODE.NOERROR, 1, 1]);
});

test("pods", (t) => {
	t.deepEqual(answers("1-2-3-4.default.pod.cluster.local"), ['A "1.2.3.4"']);
	t.is(negative("1-2-3-4.default.pod.cluster.local", "AAAA"), "exists");
	t.deepEqual(answers("fd00--1.default.pod.cluster.local", "AAAA"), ['AAAA "fd00::1"']);
	for (const name of [
		"1-2-3.default",
		"1-2-3-400.default",
		"web.default",
		"1-2-3-4.other",
		"a.1-2-3-4.default",
	])
		t.is(negative(`${name}.pod.cluster.local`), "denied", name);
});

test("names between the zone and its leaves exist", (t) => {
	for (const name of [
		"cluster.local",
		"svc.cluster.local",
		"pod.cluster.local",
		"default.svc.cluster.local",
		"dns.cluster.local",
	])
		t.is(negative(name), "exists", name);
	for (const name of [
		"other.svc.cluster.local",
		"x.cluster.local",
		"default.cluster.local",
		"a.ns.dns.cluster.local",
	])
		t.is(negative(name), "denied", name);
});

test("the zone's own records", (t) => {
	t.deepEqual(answers("cluster.local", "NS"), ['NS "ns.dns.cluster.local"']);
	t.deepEqual(answers("ns.dns.cluster.local"), ['A "10.96.0.10"']);
	t.is(reply("cluster.local", "SOA").answers?.[0]?.type, "SOA");
	t.deepEqual(answers("dns-version.cluster.local", "TXT"), ['TXT ["1.1.0"]']);
	t.is(negative("dns-version.cluster.local", "A"), "exists");
});

test("addresses have names where they are a service's or a headless endpoint's", (t) => {
	t.deepEqual(answers("20.0.96.10.in-addr.arpa", "PTR"), [`PTR "${svc("web")}"`]);
	t.deepEqual(answers("3.1.244.10.in-addr.arpa", "PTR"), [`PTR "db-1.${svc("db")}"`]);
	t.deepEqual(answers("10.0.96.10.in-addr.arpa", "PTR"), ['PTR "ns.dns.cluster.local"']);
	t.is(negative("20.0.96.10.in-addr.arpa", "A"), "exists");
	t.is(negative("9.1.244.10.in-addr.arpa", "PTR"), "denied");
	t.is(ask("8.8.8.8.in-addr.arpa", "PTR").kind, "elsewhere");
	t.is(ask("8.8.in-addr.arpa", "PTR").kind, "elsewhere");
	const nibbles = "1.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.0.d.f".split(".");
	const whole = [...nibbles.slice(0, 20), ...nibbles.slice(20)];
	t.is(ask(`${whole.join(".")}.ip6.arpa`, "PTR").kind, "elsewhere", "too short for an address");
	const six = "fd000096000000000000000000000021".split("").reverse().join(".");
	t.deepEqual(answers(`${six}.ip6.arpa`, "PTR"), [`PTR "${svc("six")}"`]);
});

test("everything else is for others to answer", (t) => {
	for (const name of ["example.com", "local", "", "notcluster.local", "cluster.local.example.com"])
		t.is(ask(name).kind, "elsewhere", name);
});
