import { Button, type ButtonProps } from '@patternfly/react-core';
import { Link, type LinkProps } from 'react-router';

/** A link that looks like a button. */
export function ButtonLink({
  to,
  children,
  variant = 'primary',
}: Pick<LinkProps, 'to' | 'children'> & Pick<ButtonProps, 'variant'>) {
  return (
    <Button variant={variant} component={(props: object) => <Link {...props} to={to} />}>
      {children}
    </Button>
  );
}
