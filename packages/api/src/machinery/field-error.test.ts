import test from "ava";
import * as errors from "./field-error.ts";

test("errors of fields speak Kubernetes", (t) => {
	t.is(errors.required("a").message, "Required value");
	t.is(errors.required("a", "must have a name").message, "Required value: must have a name");
	t.is(errors.invalidValue("a", "x", "no").message, 'Invalid value: "x": no');
	t.is(errors.invalidValue("a", 3, "no").message, "Invalid value: 3: no");
	t.is(errors.invalidValue("a", undefined, "no").message, "Invalid value: null: no");
	t.is(errors.invalidValue("a", { b: [1] }, "no").message, 'Invalid value: {"b":[1]}: no');
	t.is(
		errors.notSupported("a", "x", ["z", "y"]).message,
		'Unsupported value: "x": supported values: "y", "z"',
	);
	t.is(errors.forbiddenField("a", "not now").message, "Forbidden: not now");
	t.is(errors.duplicate("a", "x").message, 'Duplicate value: "x"');
	t.is(errors.fieldNotFound("a", "x").message, 'Not found: "x"');
	t.is(errors.tooLong("a", 63).message, "Too long: may not be more than 63 bytes");
	t.is(errors.tooLong("a", 1).message, "Too long: may not be more than 1 byte");
	t.is(errors.tooMany("a", 3, 2).message, "Too many: 3: must have at most 2 items");
	t.is(errors.tooMany("a", 3, 1).message, "Too many: 3: must have at most 1 item");
	t.is(errors.typeInvalid("a", "x", "no").type, "FieldValueTypeInvalid");
});
