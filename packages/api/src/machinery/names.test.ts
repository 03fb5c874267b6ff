import test from "ava";
import fc from "fast-check";
import * as names from "./names.ts";

const LABEL =
	"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN =
	"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const NAME =
	"must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

test("DNS names say what is wrong in the words of Kubernetes", (t) => {
	t.deepEqual(names.dnsLabelErrors("my-name"), []);
	t.deepEqual(names.dnsLabelErrors("a.b"), ["must not contain dots"]);
	t.deepEqual(names.dnsLabelErrors("A"), [LABEL]);
	t.deepEqual(names.dnsLabelErrors("a".repeat(64)), ["must be no more than 63 characters"]);
	t.deepEqual(names.dnsSubdomainErrors("a.b-c"), []);
	t.deepEqual(names.dnsSubdomainErrors("a..b"), [SUBDOMAIN]);
	t.deepEqual(names.dns1035LabelErrors("1a"), [
		"a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
	]);
});

test("qualified names have an optional prefix", (t) => {
	t.deepEqual(names.qualifiedNameErrors("example.com/MyName"), []);
	t.deepEqual(names.qualifiedNameErrors("/a"), ["prefix part must be non-empty"]);
	t.deepEqual(names.qualifiedNameErrors("a/"), ["name part must be non-empty", `name part ${NAME}`]);
	t.deepEqual(names.qualifiedNameErrors("A/b"), [`prefix part ${SUBDOMAIN}`]);
	t.deepEqual(names.qualifiedNameErrors("a/b/c"), [
		`a valid label key ${NAME} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
	]);
	t.deepEqual(names.qualifiedNameErrors("a".repeat(64)), ["name part must be no more than 63 bytes"]);
});

test("label values may be empty", (t) => {
	t.deepEqual(names.labelValueErrors(""), []);
	t.deepEqual(names.labelValueErrors("a".repeat(64)), ["must be no more than 63 bytes"]);
	t.regex(names.labelValueErrors("a b")[0] ?? "", /^a valid label must be an empty string or consist of/);
});

test("ports", (t) => {
	t.deepEqual(names.portNameErrors("http-1"), []);
	t.deepEqual(names.portNameErrors("-1--2"), [
		"must contain at least one letter (a-z)",
		"must not contain consecutive hyphens",
		"must not begin or end with a hyphen",
	]);
	t.deepEqual(names.portNameErrors("a".repeat(16)), ["must be no more than 15 characters"]);
	t.deepEqual(names.portNumberErrors(65535), []);
	t.deepEqual(names.portNumberErrors(0), ["must be between 1 and 65535, inclusive"]);
	t.is(names.portNumberErrors(1.5).length, 1);
});

test("addresses", (t) => {
	for (const good of ["10.9.8.7", "::", "::1", "2001:db8::ffff", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4"]) {
		t.deepEqual(names.ipErrors(good), [], good);
	}
	for (const bad of [
		"",
		"1.2.3",
		"256.1.1.1",
		"01.2.3.4",
		"1::2::3",
		"1:2:3:4:5:6:7",
		":1",
		"g::",
		"1.2.3.4:5",
	]) {
		t.deepEqual(names.ipErrors(bad), ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"], bad);
	}
});

test("the rest", (t) => {
	t.deepEqual(names.pathSegmentErrors("system:node"), []);
	t.deepEqual(names.pathSegmentErrors(".."), ["may not be '..'"]);
	t.deepEqual(names.pathSegmentErrors("a/b%"), ["may not contain '/'", "may not contain '%'"]);
	t.deepEqual(names.envVarNameErrors("1 odd-name"), []);
	t.deepEqual(names.envVarNameErrors("a=b"), [
		"a valid environment variable name must consist only of printable ASCII characters other than '='",
	]);
	t.deepEqual(names.envVarNameErrors(""), ["environment variable name must be non-empty"]);
	t.deepEqual(names.configMapKeyErrors("key.name"), []);
	t.deepEqual(names.configMapKeyErrors(".."), ["must not be '..'"]);
	t.deepEqual(names.configMapKeyErrors("..a"), ["must not start with '..'"]);
	t.is(names.configMapKeyErrors("a/b").length, 1);
	t.deepEqual(names.percentErrors("25%"), []);
	t.is(names.percentErrors("%").length, 1);
	t.deepEqual(names.httpHeaderNameErrors("X-Name"), []);
	t.is(names.httpHeaderNameErrors("X Name").length, 1);
	t.deepEqual(names.userIdErrors(0), []);
	t.is(names.userIdErrors(-1).length, 1);
});

test("long hostile names are judged at once", (t) => {
	const long = `${"a-".repeat(200_000)}!`;
	for (const judge of [names.dnsLabelErrors, names.dnsSubdomainErrors, names.qualifiedNameErrors]) {
		t.true(judge(long).length > 0);
	}
	t.true(names.dnsSubdomainErrors(`${"a.".repeat(100_000)}`).length > 0);
});

test("valid subdomains are valid labels between their dots", (t) => {
	const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,5}[a-z0-9])?$/);
	fc.assert(
		fc.property(fc.array(label, { minLength: 1, maxLength: 5 }), (labels) => {
			t.deepEqual(names.dnsSubdomainErrors(labels.join(".")), []);
			for (const part of labels) t.deepEqual(names.dnsLabelErrors(part), []);
		}),
	);
});
