/** The time under a chart. */
export const Axis = ({ begins }: { readonly begins: string }) => (
  <p class="axis-labels" aria-hidden="true">
    <span>{begins}</span>
    <span>now</span>
  </p>
)
