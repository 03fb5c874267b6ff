/**
 * Objects to Kubernetes' protobuf. Each type becomes a function once, made of the functions of its fields; what an object
 * does not have is not written. The counterpart of `decode.ts`.
 */
import { isJsonObject, type ObjectType, parseGoDuration, parseTime, schema } from "@berth/api";
import { type Layout, layoutOf, type Slot } from "./layout.ts";
import { ReverseWriter } from "./reverse-writer.ts";

type Type = schema.Type;
/** Writes a field with its tag; what it is handed has the field's type. */
type WriteField = (value: unknown) => void;
type WriteMessage = (object: Readonly<Record<string, unknown>>) => void;

export interface ProtobufEncoder {
	/** The bare message, without the envelope. */
	encode(type: ObjectType, value: object): Buffer;
}

export function createProtobufEncoder(): ProtobufEncoder {
	const writer = new ReverseWriter();
	const compile = createCompiler(writer);
	return {
		encode: (type, value) => {
			compile(type)(value as Readonly<Record<string, unknown>>);
			return writer.take();
		},
	};
}

function createCompiler(writer: ReverseWriter): (type: ObjectType) => WriteMessage {
	const compiled = new WeakMap<ObjectType, WriteMessage>();

	const compile = (type: ObjectType): WriteMessage => {
		const known = compiled.get(type);
		if (known) return known;
		// Compiled at its first use, so that types may hold themselves.
		let write: WriteMessage | undefined;
		const lazy: WriteMessage = (object) => {
			write ??= messageOf(layoutOf(type));
			write(object);
		};
		compiled.set(type, lazy);
		return lazy;
	};

	const messageOf = (layout: Layout): WriteMessage => {
		const writers = layout.toReversed().map(slotOf);
		return (object) => {
			for (const write of writers) write(object);
		};
	};

	const slotOf = (slot: Slot): WriteMessage => {
		if ("inlined" in slot) {
			const write = messageOf(slot.inlined);
			return (object) => {
				const before = writer.length;
				write(object);
				if (writer.length > before) writer.closeField(slot.number, before);
			};
		}
		const { name, number, type } = slot;
		const write = fieldOf(type, number);
		return (object) => {
			if (!Object.hasOwn(object, name)) return;
			const value = object[name];
			if (value !== undefined && value !== null) write(value);
		};
	};

	const fieldOf = (type: Type, number: number): WriteField => {
		if (schema.isListType(type)) {
			const write = fieldOf(type.of, number);
			return (value) => {
				const list = value as readonly unknown[];
				for (let i = list.length - 1; i >= 0; i -= 1) write(list[i]);
			};
		}
		if (schema.isMapType(type)) return mapOf(type.of, number);
		if (schema.isObjectType(type)) {
			const write = compile(type);
			return (value) => {
				const before = writer.length;
				write(value as Readonly<Record<string, unknown>>);
				writer.closeField(number, before);
			};
		}
		if (schema.isEitherType(type)) {
			const object = fieldOf(type.object, type.pb.object);
			const other = fieldOf(type.other, type.pb.other);
			return wrapped(number, (value) => (isJsonObject(value) ? object : other)(value));
		}
		return scalarOf(writer, type, number);
	};

	/** A message for each entry, sorted by key, as the reference implementation writes them. */
	const mapOf = (of: Type, number: number): WriteField => {
		const key = scalarOf(writer, schema.types.string, 1);
		// A list where protobuf has none: a message with the items as its first field.
		const write = schema.isListType(of) ? wrapped(2, fieldOf(of, 1)) : fieldOf(of, 2);
		return (value) => {
			const map = value as Readonly<Record<string, unknown>>;
			const keys = Object.keys(map).sort();
			for (let i = keys.length - 1; i >= 0; i -= 1) {
				const name = keys[i] ?? "";
				const before = writer.length;
				write(map[name]);
				key(name);
				writer.closeField(number, before);
			}
		};
	};

	/** A message of its own around what `write` writes. */
	const wrapped =
		(number: number, write: WriteField): WriteField =>
		(value) => {
			const before = writer.length;
			write(value);
			writer.closeField(number, before);
		};

	return compile;
}

function scalarOf(writer: ReverseWriter, type: Type, number: number): WriteField {
	/** A message of its own around what `write` writes. */
	const message = (write: WriteField): WriteField => {
		return (value) => {
			const before = writer.length;
			write(value);
			writer.closeField(number, before);
		};
	};
	switch (type.kind) {
		case "string":
			return message((value) => writer.text(String(value)));
		case "bytes":
			return message((value) => writer.base64(String(value)));
		case "int32":
		case "int64":
			return (value) => {
				writer.varint(Number(value));
				writer.tag(number, 0);
			};
		case "bool":
			return (value) => {
				writer.varint(value ? 1 : 0);
				writer.tag(number, 0);
			};
		case "double":
			return (value) => {
				writer.double(Number(value));
				writer.tag(number, 1);
			};
		case "time":
		case "microTime":
			return message((value) => writeTime(writer, String(value)));
		case "duration": {
			const nanoseconds = scalarOf(writer, schema.types.int64, 1);
			return message((value) => nanoseconds(parseGoDuration(String(value))));
		}
		case "quantity":
			return message(scalarOf(writer, schema.types.string, 1));
		case "intOrString": {
			const [isText, whole, text] = [
				scalarOf(writer, schema.types.int32, 1),
				scalarOf(writer, schema.types.int32, 2),
				scalarOf(writer, schema.types.string, 3),
			];
			return message((value) => {
				const isNumber = typeof value === "number";
				text(isNumber ? "" : value);
				whole(isNumber ? value : 0);
				isText(isNumber ? 0 : 1);
			});
		}
		default: {
			const raw = scalarOf(writer, schema.types.string, 1);
			return message((value) => raw(JSON.stringify(value)));
		}
	}
}

/** Seconds and nanoseconds since the epoch; a time that was never set is an empty message. */
function writeTime(writer: ReverseWriter, text: string): void {
	if (text === "") return;
	const ms = parseTime(text);
	const seconds = Math.floor(ms / 1000);
	writer.varint(Math.round((ms - seconds * 1000) * 1000) * 1000);
	writer.tag(2, 0);
	writer.varint(seconds);
	writer.tag(1, 0);
}
