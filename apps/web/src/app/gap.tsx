/** In the place of rows of a table that are not there. */
export function Gap({ px, columns }: { px: number; columns: number }) {
  if (px <= 0) return null;
  return (
    <tr>
      <td colSpan={columns} style={{ blockSize: px }} />
    </tr>
  );
}
