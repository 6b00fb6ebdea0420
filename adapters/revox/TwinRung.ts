/** The states of the API that the twin speaks. V3 is known from one page only, V0 from fragments; V5 is known in part. */
export type TwinRung = "V1" | "V2" | "V4" | "V5"

const AGE = { V1: 1, V2: 2, V4: 4, V5: 5 } as const satisfies Record<TwinRung, number>

export const since = (first: TwinRung, rung: TwinRung): boolean => AGE[rung] >= AGE[first]
