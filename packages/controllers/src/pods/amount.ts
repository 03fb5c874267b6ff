/** A number, or a percentage (`25%`) of the whole; what is not whole is rounded, up unless told otherwise. Pure. */
export const amountOf = (amount: number | string, whole: number, round = Math.ceil): number =>
	typeof amount === "number" ? amount : round((Number.parseInt(amount, 10) * whole) / 100);
