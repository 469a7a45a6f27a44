/** A deep copy of plain API data, so that defaulting never changes what it was given. */
export function cloneData<Data>(data: Data): Data {
  // API objects are JSON by definition, so nothing is lost on the way.
  return JSON.parse(JSON.stringify(data)) as Data
}
