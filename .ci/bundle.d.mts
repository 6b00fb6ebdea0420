export declare const bundleCli: (folder: string) => Promise<ReadonlyArray<object>>
export declare const bundleForNow: () => Promise<{ readonly main: string; readonly remove: () => void }>
