/** The query of `pods/NAME/log`: checked here, handed on in the agent's form. Pure. */
import {
	badRequest,
	type FieldError,
	forbiddenField,
	invalid,
	invalidValue,
	notSupported,
	parseTime,
} from "@berth/api";
import { isTrue } from "../request-info.ts";

const STREAMS = ["All", "Stderr", "Stdout"];

/** Throws BadRequest for what does not parse and Invalid, with every cause, for what makes no sense. */
export function logQuery(podName: string, query: URLSearchParams): URLSearchParams {
	const result = new URLSearchParams();
	for (const name of ["follow", "previous", "timestamps"]) {
		if (isTrue(query.get(name))) result.set(name, "true");
	}
	const errors: FieldError[] = [];
	const number = (name: string, least: number, detail: string) => {
		const text = query.get(name);
		if (text === null) return;
		if (!/^[+-]?\d{1,19}$/.test(text)) {
			throw badRequest(
				`unable to parse ${name}: strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`,
			);
		}
		const value = Number(text);
		if (value < least) errors.push(invalidValue(name, value, detail));
		result.set(name, String(value));
	};
	number("tailLines", 0, "must be greater than or equal to 0");
	number("limitBytes", 1, "must be greater than 0");
	number("sinceSeconds", 1, "must be greater than 0");
	const sinceTime = query.get("sinceTime");
	if (sinceTime) {
		if (Number.isNaN(parseTime(sinceTime)))
			throw badRequest(`unable to parse sinceTime: ${JSON.stringify(sinceTime)}`);
		if (query.has("sinceSeconds")) {
			errors.push(forbiddenField("", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
		}
		result.set("sinceTime", sinceTime);
	}
	const stream = query.get("stream");
	if (stream && !STREAMS.includes(stream)) errors.push(notSupported("stream", stream, STREAMS));
	else if (stream && stream !== "All") {
		if (query.has("tailLines")) {
			const detail = "`tailLines` and specific `stream` are mutually exclusive for now";
			errors.push(forbiddenField("", detail));
		}
		result.set("stream", stream.toLowerCase());
	}
	if (errors.length) throw invalid({ resource: "PodLogOptions" }, podName, errors);
	return result;
}
