import test from "ava";
import { hasRoute } from "./addresses.ts";

const HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
const line = (destination: string, mask: string, flags = "0001") =>
	`eth0\t${destination}\t00000000\t${flags}\t0\t0\t0\t${mask}\t0\t0\t0\n`;

test("a default route, the network's own, and a wider one lead there", (t) => {
	t.true(hasRoute(HEAD + line("00000000", "00000000", "0003"), "10.96.0.0/16"));
	t.true(hasRoute(HEAD + line("0000600A", "0000FFFF"), "10.96.0.0/16"));
	t.true(hasRoute(HEAD + line("0000000A", "000000FF"), "10.96.0.0/16"));
});

test("other networks, and routes that are down, do not", (t) => {
	t.false(hasRoute("", "10.96.0.0/16"));
	t.false(hasRoute(HEAD, "10.96.0.0/16"));
	t.false(hasRoute(HEAD + line("0032A8C0", "00FFFFFF"), "10.96.0.0/16"));
	t.false(hasRoute(HEAD + line("00000000", "00000000", "0002"), "10.96.0.0/16"));
});
