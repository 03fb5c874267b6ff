/** What names, label keys and values, ports and the like may be. Validators answer the messages; none means fine. */

/** For generated parts of names: no vowels and no look-alikes, so that no word comes out. */
export const SAFE_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** A label of a DNS name: names of namespaces, containers, volumes. */
export function dnsLabelErrors(value: string): string[] {
	const errors = lengthErrors(value, 63);
	if (DNS_LABEL.test(value)) return errors;
	if (DNS_SUBDOMAIN.test(value)) return [...errors, "must not contain dots"];
	return [...errors, regexError(LABEL_MESSAGE, DNS_LABEL, ["my-name", "123-abc"])];
}

/** Dotted DNS labels: most object names. */
export function dnsSubdomainErrors(value: string): string[] {
	const errors = lengthErrors(value, 253);
	if (DNS_SUBDOMAIN.test(value)) return errors;
	return [...errors, regexError(SUBDOMAIN_MESSAGE, DNS_SUBDOMAIN, ["example.com"])];
}

/** A dotted name whose first label is `*`: hosts that stand for many. */
export function wildcardSubdomainErrors(value: string): string[] {
	const errors = lengthErrors(value, 253);
	if (WILDCARD_SUBDOMAIN.test(value)) return errors;
	return [...errors, regexError(WILDCARD_MESSAGE, WILDCARD_SUBDOMAIN, ["*.example.com"])];
}

/** `example.com/controller`: a name that its maker's domain makes unique. */
export function domainPrefixedPathErrors(value: string): string[] {
	const slash = value.indexOf("/");
	const [host, path] = [value.slice(0, Math.max(slash, 0)), value.slice(slash + 1)];
	if (!host || !path) return ['must be a domain-prefixed path (such as "acme.io/foo")'];
	return [
		...dnsSubdomainErrors(host),
		...(HTTP_PATH.test(path) ? [] : [regexError(HTTP_PATH_MESSAGE, HTTP_PATH, ["/path"])]),
	];
}

/** A DNS label that starts with a letter: names of services. */
export function dns1035LabelErrors(value: string): string[] {
	const errors = lengthErrors(value, 63);
	if (DNS_1035_LABEL.test(value)) return errors;
	return [...errors, regexError(LABEL_1035_MESSAGE, DNS_1035_LABEL, ["my-name", "abc-123"])];
}

/** `name` or `example.com/name`: keys of labels and annotations, finalizers, condition types. */
export function qualifiedNameErrors(value: string): string[] {
	const parts = value.split("/");
	if (parts.length > 2) {
		return [
			`a valid label key ${regexError(QUALIFIED_MESSAGE, QUALIFIED_NAME, QUALIFIED_EXAMPLES)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
		];
	}
	const name = parts.at(-1) ?? "";
	const prefix = parts.length === 2 ? parts[0] : undefined;
	return [...prefixErrors(prefix), ...namePartErrors(name)];
}

function prefixErrors(prefix: string | undefined): string[] {
	if (prefix === undefined) return [];
	if (prefix === "") return ["prefix part must be non-empty"];
	const errors = prefix.length > 253 ? ["must be no more than 253 bytes"] : [];
	if (!DNS_SUBDOMAIN.test(prefix)) errors.push(regexError(SUBDOMAIN_MESSAGE, DNS_SUBDOMAIN, ["example.com"]));
	return errors.map((message) => `prefix part ${message}`);
}

function namePartErrors(name: string): string[] {
	const errors: string[] = [];
	if (name === "") errors.push("name part must be non-empty");
	else if (name.length > 63) errors.push("name part must be no more than 63 bytes");
	if (!QUALIFIED_NAME.test(name)) {
		errors.push(`name part ${regexError(QUALIFIED_MESSAGE, QUALIFIED_NAME, QUALIFIED_EXAMPLES)}`);
	}
	return errors;
}

export function labelValueErrors(value: string): string[] {
	const errors = value.length > 63 ? ["must be no more than 63 bytes"] : [];
	if (LABEL_VALUE.test(value)) return errors;
	return [...errors, regexError(LABEL_VALUE_MESSAGE, LABEL_VALUE, ["MyValue", "my_value", "12345"])];
}

/** An IANA service name: names of container and service ports. */
export function portNameErrors(value: string): string[] {
	const errors: string[] = [];
	if (value.length > 15) errors.push("must be no more than 15 characters");
	if (!/^[-a-z0-9]+$/.test(value)) {
		errors.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
	}
	if (!/[a-z]/.test(value)) errors.push("must contain at least one letter (a-z)");
	if (value.includes("--")) errors.push("must not contain consecutive hyphens");
	if (value.startsWith("-") || value.endsWith("-")) errors.push("must not begin or end with a hyphen");
	return errors;
}

export const portNumberErrors = (port: number): string[] =>
	Number.isInteger(port) && port >= 1 && port <= 65535 ? [] : ["must be between 1 and 65535, inclusive"];

export const ipErrors = (value: string): string[] =>
	isIPv4(value) || isIPv6(value) ? [] : ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"];

/** Names that stand as one segment of a URL: roles and their bindings. */
export function pathSegmentErrors(value: string): string[] {
	if (value === "." || value === "..") return [`may not be '${value}'`];
	return ["/", "%"].filter((part) => value.includes(part)).map((part) => `may not contain '${part}'`);
}

/** Names of environment variables: printable ASCII but `=`. */
export function envVarNameErrors(value: string): string[] {
	if (value === "") return ["environment variable name must be non-empty"];
	return /^[ -<>-~]+$/.test(value) ? [] : [ENV_VAR_MESSAGE];
}

/** Keys of config maps and secrets: file names in their volumes. */
export function configMapKeyErrors(value: string): string[] {
	const errors = lengthErrors(value, 253);
	if (!CONFIG_MAP_KEY.test(value)) {
		errors.push(regexError(CONFIG_MAP_KEY_MESSAGE, CONFIG_MAP_KEY, ["key.name", "KEY_NAME", "key-name"]));
	}
	if (value === "." || value === "..") errors.push(`must not be '${value}'`);
	else if (value.startsWith("..")) errors.push("must not start with '..'");
	return errors;
}

export const percentErrors = (value: string): string[] =>
	PERCENT.test(value) ? [] : [regexError(PERCENT_MESSAGE, PERCENT, ["1%", "93%"])];

export const httpHeaderNameErrors = (value: string): string[] =>
	HTTP_HEADER_NAME.test(value) ? [] : [regexError(HTTP_HEADER_MESSAGE, HTTP_HEADER_NAME, ["X-Header-Name"])];

/** User and group ids of a container. */
export const userIdErrors = (id: number): string[] =>
	Number.isInteger(id) && id >= 0 && id <= 2 ** 31 - 1 ? [] : ["must be between 0 and 2147483647, inclusive"];

/** Dotted decimal without leading zeros. */
export const isIPv4 = (text: string): boolean => IPV4.test(text);

export function isIPv6(text: string): boolean {
	if (text.length > 45 || !/^[0-9a-fA-F:.]+$/.test(text) || !text.includes(":")) return false;
	const lastColon = text.lastIndexOf(":");
	const tail = text.slice(lastColon + 1);
	if (tail.includes(".")) {
		return isIPv4(tail) && isIPv6Groups(`${text.slice(0, lastColon + 1)}0:0`);
	}
	return isIPv6Groups(text);
}

function isIPv6Groups(text: string): boolean {
	const halves = text.split("::");
	if (halves.length > 2) return false;
	const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
	if (!groups.flat().every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
	const count = groups.flat().length;
	return halves.length === 2 ? count <= 7 : count === 8;
}

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const DNS_SUBDOMAIN = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
const WILDCARD_SUBDOMAIN = new RegExp(`^\\*\\.${LABEL}(\\.${LABEL})*$`);
const HTTP_PATH = /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;
const DNS_1035_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const CONFIG_MAP_KEY = /^[-._a-zA-Z0-9]+$/;
const PERCENT = /^[0-9]+%$/;
const HTTP_HEADER_NAME = /^[-A-Za-z0-9]+$/;
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

const LABEL_MESSAGE =
	"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const SUBDOMAIN_MESSAGE =
	"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const WILDCARD_MESSAGE =
	"a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
const HTTP_PATH_MESSAGE = "Invalid path";
const LABEL_1035_MESSAGE =
	"a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
const QUALIFIED_MESSAGE =
	"must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const QUALIFIED_EXAMPLES = ["MyName", "my.name", "123-abc"];
const LABEL_VALUE_MESSAGE =
	"a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const ENV_VAR_MESSAGE =
	"a valid environment variable name must consist only of printable ASCII characters other than '='";
const CONFIG_MAP_KEY_MESSAGE = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
const PERCENT_MESSAGE = "a valid percent string must be a numeric string followed by an ending '%'";
const HTTP_HEADER_MESSAGE = "a valid HTTP header must consist of alphanumeric characters or '-'";

const lengthErrors = (value: string, max: number): string[] =>
	value.length > max ? [`must be no more than ${max} characters`] : [];

function regexError(message: string, pattern: RegExp, examples: readonly string[]): string {
	const shown = examples.map((example) => `'${example}', `).join(" or ");
	return `${message} (e.g. ${shown}regex used for validation is '${pattern.source.slice(1, -1)}')`;
}
