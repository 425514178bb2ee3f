/** What is made once for each context, when it is first asked for: state of a process, or what its settings make. */
export function perContext<Context extends object, Made>(
  make: (context: Context) => Made,
): (context: Context) => Made {
  const all = new WeakMap<Context, Made>()
  return context => {
    const made = all.get(context) ?? make(context)
    all.set(context, made)
    return made
  }
}
