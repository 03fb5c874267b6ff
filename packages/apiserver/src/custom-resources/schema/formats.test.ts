import test from "ava";
import { isOfFormat } from "./formats.ts";

const GOOD: Readonly<Record<string, readonly string[]>> = {
	"date-time": ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.123+02:00"],
	date: ["2024-02-29"],
	duration: ["5m", "1h30m", "3 days", "0"],
	ipv4: ["10.0.0.1"],
	ipv6: ["::1"],
	cidr: ["10.0.0.0/8", "fd00::/64"],
	mac: ["01:23:45:67:89:ab"],
	uri: ["https://example.com/a", "urn:a:b"],
	hostname: ["example.com"],
	email: ["a@example.com"],
	uuid: ["123e4567-e89b-12d3-a456-426614174000"],
	byte: ["YWJj"],
	hexcolor: ["#fff"],
	rgbcolor: ["rgb(1, 2, 255)"],
	isbn: ["0-306-40615-2", "978-3-16-148410-0"],
	creditcard: ["4111 1111 1111 1111"],
	"k8s-short-name": ["a-b"],
	unheardOf: ["anything"],
};

const BAD: Readonly<Record<string, readonly string[]>> = {
	"date-time": ["2026-01-02", "2026-13-02T03:04:05Z", "2026-02-30T00:00:00Z"],
	date: ["2023-02-29", "today"],
	duration: ["five", "1x"],
	ipv4: ["10.0.0.256", "::1"],
	ipv6: ["10.0.0.1"],
	cidr: ["10.0.0.0/33", "10.0.0.0"],
	mac: ["01:23:45"],
	uri: ["example"],
	email: ["a", "a@"],
	uuid: ["123"],
	byte: ["YWJ"],
	rgbcolor: ["rgb(1,2,256)"],
	isbn: ["0-306-40615-3"],
	creditcard: ["4111 1111 1111 1112"],
	"k8s-short-name": ["A"],
};

test("what has a format, and what has not", (t) => {
	for (const [format, texts] of Object.entries(GOOD))
		for (const text of texts) t.true(isOfFormat(format, text), text);
	for (const [format, texts] of Object.entries(BAD))
		for (const text of texts) t.false(isOfFormat(format, text), text);
	t.true(isOfFormat("constructor", "x"));
});

test("no text takes for ever", (t) => {
	for (const format of Object.keys(GOOD)) {
		for (const part of ["a", "1", "a.", "1h", "a@", "-", " "]) isOfFormat(format, `${part.repeat(20_000)}!`);
	}
	t.pass();
});
