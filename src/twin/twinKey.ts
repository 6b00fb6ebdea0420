/** The API key that twins accept unless they are given another. */
export const TWIN_KEY = "twin-key"
