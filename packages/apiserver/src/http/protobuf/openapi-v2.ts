/**
 * The version 2 OpenAPI document in the protobuf form that kubectl insists on when it looks for a kind that version 3
 * does not have. Field numbers: github.com/google/gnostic, openapiv2/OpenAPIv2.proto. Only what our documents contain.
 */
import { MessageWriter } from "./writer.ts";

type Json = Readonly<Record<string, unknown>>;

const record = (value: unknown): Json =>
	typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(record) : []);
const message = (): MessageWriter => new MessageWriter();

/** `document` as `openApiV2` makes it. */
export function encodeOpenApiV2(document: object): Buffer {
	const { swagger, info, paths, definitions } = record(document);
	const { title, version } = record(info);
	return message()
		.text(1, swagger)
		.message(2, message().text(1, title).text(2, version))
		.message(8, named(2, paths, encodePath))
		.message(9, named(1, definitions, encodeSchema))
		.finish();
}

/** A map as protobuf writes it here: repeated pairs of a name and a value. */
function named(number: number, map: unknown, encode: (value: Json) => MessageWriter): MessageWriter {
	const result = message();
	for (const [name, value] of Object.entries(record(map))) {
		result.message(
			number,
			message()
				.text(1, name)
				.message(2, encode(record(value))),
		);
	}
	return result;
}

const METHODS = { get: 2, put: 3, post: 4, delete: 5, options: 6, head: 7, patch: 8 } as const;

function encodePath(item: Json): MessageWriter {
	const result = message();
	for (const [method, number] of Object.entries(METHODS)) {
		if (item[method]) result.message(number, encodeOperation(record(item[method])));
	}
	for (const parameter of list(item.parameters)) result.message(9, encodeParameter(parameter));
	return result;
}

function encodeOperation(operation: Json): MessageWriter {
	const result = message()
		.texts(1, operation.tags)
		.text(3, operation.description)
		.text(5, operation.operationId)
		.texts(6, operation.produces)
		.texts(7, operation.consumes);
	for (const parameter of list(operation.parameters)) result.message(8, encodeParameter(parameter));
	result.message(9, named(1, operation.responses, encodeResponse)).texts(10, operation.schemes);
	return extensions(result, 13, operation);
}

/** Wrapped in the choices between a parameter and a reference, a body and the others, and the places of the others. */
function encodeParameter(parameter: Json): MessageWriter {
	if (parameter.in === "body") {
		const body = message()
			.text(1, parameter.description)
			.text(2, parameter.name)
			.text(3, "body")
			.flag(4, parameter.required)
			.message(5, encodeSchema(record(parameter.schema)));
		return message().message(1, message().message(1, body));
	}
	const common = message()
		.flag(1, parameter.required)
		.text(2, parameter.in)
		.text(3, parameter.description)
		.text(4, parameter.name);
	const isQuery = parameter.in === "query";
	// Queries have one field more, which moves those behind it.
	common.text(isQuery ? 6 : 5, parameter.type).flag(isQuery ? 20 : 19, parameter.uniqueItems);
	return message().message(1, message().message(2, message().message(isQuery ? 3 : 4, common)));
}

function encodeResponse(response: Json): MessageWriter {
	const result = message().text(1, response.description);
	if (response.schema) result.message(2, message().message(1, encodeSchema(record(response.schema))));
	return message().message(1, result);
}

function encodeSchema(schema: Json): MessageWriter {
	const result = message().text(1, schema.$ref).text(2, schema.format).text(4, schema.description);
	if (schema.default !== undefined) result.message(5, any(schema.default));
	result.texts(19, schema.required);
	for (const value of Array.isArray(schema.enum) ? schema.enum : []) result.message(20, any(value));
	const { additionalProperties } = schema;
	if (typeof additionalProperties === "object" && additionalProperties !== null) {
		result.message(21, message().message(1, encodeSchema(record(additionalProperties))));
	} else if (additionalProperties === true) result.message(21, message().flag(2, true));
	if (schema.type) result.message(22, message().texts(1, [schema.type].flat()));
	if (schema.items) result.message(23, message().message(1, encodeSchema(record(schema.items))));
	for (const part of list(schema.allOf)) result.message(24, encodeSchema(part));
	if (schema.properties) result.message(25, named(1, schema.properties, encodeSchema));
	return extensions(result, 31, schema);
}

function extensions(result: MessageWriter, number: number, source: Json): MessageWriter {
	for (const [name, value] of Object.entries(source)) {
		if (name.startsWith("x-")) result.message(number, message().text(1, name).message(2, any(value)));
	}
	return result;
}

/** Any value travels as YAML, which JSON is. */
const any = (value: unknown): MessageWriter => message().text(2, JSON.stringify(value));
