/** Named formats of Kubernetes' names: `format.dns1123Label().validate(text)`. */
import {
	dns1035LabelErrors,
	dnsLabelErrors,
	dnsSubdomainErrors,
	isTime,
	labelValueErrors,
	qualifiedNameErrors,
} from "@berth/api";
import { type Declared, fn, method } from "../language/declarations.ts";
import { listOf, opaque, optionalOf, STRING } from "../language/types.ts";
import { noSuchOverload } from "../runtime/errors.ts";
import { type CelValue, ListValue, NONE, OpaqueValue, OptionalValue } from "../runtime/values.ts";
import { string } from "./arguments.ts";

const FORMAT = opaque("kubernetes.NamedFormat");

type Errors = (text: string) => readonly string[];

/** `generateName` may end with a dash: the rest of the name comes behind it. */
const asPrefix =
	(errors: Errors): Errors =>
	(text) =>
		errors(text.endsWith("-") ? `${text.slice(0, -1)}a` : text);

const shape =
	(pattern: RegExp, detail: string): Errors =>
	(text) =>
		pattern.test(text) ? [] : [detail];

const FORMATS: Readonly<Record<string, Errors>> = {
	dns1123Label: dnsLabelErrors,
	dns1123Subdomain: dnsSubdomainErrors,
	dns1035Label: dns1035LabelErrors,
	qualifiedName: qualifiedNameErrors,
	dns1123LabelPrefix: asPrefix(dnsLabelErrors),
	dns1123SubdomainPrefix: asPrefix(dnsSubdomainErrors),
	dns1035LabelPrefix: asPrefix(dns1035LabelErrors),
	labelValue: labelValueErrors,
	uri: (text) =>
		URL.canParse(text) || /^\/[^\s]*$/.test(text)
			? []
			: [`parse ${JSON.stringify(text)}: invalid URI for request`],
	uuid: shape(
		/^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i,
		"does not match the UUID format",
	),
	byte: shape(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, "invalid base64"),
	date: (text) => (isTime(`${text}T00:00:00Z`) ? [] : ["invalid date"]),
	datetime: (text) => (isTime(text) ? [] : ["invalid datetime"]),
};

class FormatValue extends OpaqueValue {
	readonly type = FORMAT;
	readonly name: string;
	readonly errors: Errors;

	constructor(name: string, errors: Errors) {
		super();
		this.name = name;
		this.errors = errors;
	}

	equals(other: OpaqueValue): boolean {
		return other instanceof FormatValue && other.name === this.name;
	}
}

export const formats: readonly Declared[] = [
	...Object.entries(FORMATS).map(([name, errors]) =>
		fn(`format.${name}`, [], FORMAT, () => new FormatValue(name, errors)),
	),
	fn("format.named", [STRING], optionalOf(FORMAT), ([name]) => {
		const errors = Object.hasOwn(FORMATS, string(name)) ? FORMATS[string(name)] : undefined;
		return errors ? new OptionalValue(new FormatValue(string(name), errors)) : NONE;
	}),
	method("validate", [FORMAT, STRING], optionalOf(listOf(STRING)), ([format, text], meter) => {
		meter.spend(string(text).length * 0.1);
		const errors = formatOf(format).errors(string(text));
		return errors.length ? new OptionalValue(ListValue.of(errors)) : NONE;
	}),
];

function formatOf(value: CelValue | undefined): FormatValue {
	if (!(value instanceof FormatValue)) throw noSuchOverload();
	return value;
}
