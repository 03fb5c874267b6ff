/**
 * Two ways of being unset. A field that is a pointer in the reference API (`nullable` in our schemas) is unset only when
 * absent; any other field is unset also at its zero value, because the wire does not tell the two apart.
 */

/** `value` with each default whose field is absent. The same object when nothing is missing. */
export const fillAbsent = <T extends object>(value: T, defaults: Partial<T>): T =>
	fill(value, defaults, (present) => present === undefined || present === null);

/** `value` with each default whose field is absent or zero ("", 0, false). The same object when nothing is missing. */
export const fillZero = <T extends object>(value: T, defaults: Partial<T>): T =>
	fill(value, defaults, (present) => !present);

function fill<T extends object>(value: T, defaults: Partial<T>, isUnset: (present: unknown) => boolean): T {
	const missing = Object.entries(defaults).filter(([key]) => isUnset(value[key as keyof T]));
	return missing.length === 0 ? value : { ...value, ...Object.fromEntries(missing) };
}

/** `value` with one field changed where it is present and not null: how defaults reach into nested objects. */
export function change<T extends object, K extends keyof T>(
	value: T,
	key: K,
	to: (present: NonNullable<T[K]>) => T[K],
): T {
	const present = value[key];
	if (present === undefined || present === null) return value;
	const changed = to(present);
	return changed === present ? value : { ...value, [key]: changed };
}

/** `value` without a field. The same object when it is not there. */
export function drop<T extends object, K extends keyof T>(value: T, key: K): T {
	if (!(key in value)) return value;
	const { [key]: _, ...rest } = value;
	return rest as T;
}

/** Maps a list and keeps the very list when no element changed. */
export function mapSame<T>(list: readonly T[], to: (element: T) => T): readonly T[] {
	const mapped = list.map(to);
	return mapped.every((element, index) => element === list[index]) ? list : mapped;
}
