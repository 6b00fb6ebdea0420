/** The part of jstat that is used; it comes without types. */
declare module "jstat" {
  const jstat: {
    readonly normal: {
      readonly inv: (p: number, mean: number, sd: number) => number
      readonly cdf: (x: number, mean: number, sd: number) => number
    }
    readonly studentt: { readonly inv: (p: number, df: number) => number }
    readonly gammaln: (x: number) => number
  }
  export default jstat
}
