/** What went wrong, in words, told to screen readers as it comes; null for nothing. */
export const Fault = ({ text }: { text: string | null }) =>
  text && (
    <p className="fault" role="alert">
      {text}
    </p>
  );
