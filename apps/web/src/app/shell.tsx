import {
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadLogo,
  MastheadMain,
  MastheadToggle,
  Nav,
  NavItem,
  NavList,
  Page,
  PageSidebar,
  PageSidebarBody,
  PageToggleButton,
  SkipToContent,
  Toolbar,
  ToolbarContent,
  ToolbarGroup,
  ToolbarItem,
} from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, Outlet, useLocation } from 'react-router';
import { AccountMenu } from '../access/account-menu.tsx';
import { callerQuery, useMustSignIn } from '../access/caller.ts';
import { SignInPage } from '../access/sign-in-page.tsx';
import { PAGES, pageOf } from './pages.ts';
import { ThemeToggle } from './theme-toggle.tsx';
import { useIsNarrow } from './use-is-narrow.ts';

const MAIN = 'main';

/** What is around every page; the page of signing in where that has to come first. */
export function Shell() {
  useQuery(callerQuery); // asks at once whether the API wants to know who calls
  const { pathname } = useLocation();
  // Who comes back from the issuer is about to be signed in.
  const mustSignIn = useMustSignIn() && pathname !== '/signed-in';
  const isNarrow = useIsNarrow();
  const [isOpenWide, setOpenWide] = useState(true);
  const [isOpenNarrow, setOpenNarrow] = useState(false);
  const isOpen = isNarrow ? isOpenNarrow : isOpenWide;
  const toggle = () => (isNarrow ? setOpenNarrow(!isOpen) : setOpenWide(!isOpen));
  const masthead = (
    <Masthead display={{ default: 'inline' }}>
      <MastheadMain>
        {!mustSignIn && (
          <MastheadToggle>
            <PageToggleButton isHamburgerButton aria-label="Pages" isSidebarOpen={isOpen} onSidebarToggle={toggle} />
          </MastheadToggle>
        )}
        <MastheadBrand>
          <MastheadLogo component={(props: object) => <Link {...props} to="/" className="godwit-brand" />}>
            <img src="/favicon.svg" alt="" width="28" height="28" />
            <span>Godwit</span>
          </MastheadLogo>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <Toolbar isStatic>
          <ToolbarContent>
            <ToolbarGroup align={{ default: 'alignEnd' }} gap={{ default: 'gapSm' }}>
              <ToolbarItem>
                <ThemeToggle />
              </ToolbarItem>
              <ToolbarItem>
                <AccountMenu />
              </ToolbarItem>
            </ToolbarGroup>
          </ToolbarContent>
        </Toolbar>
      </MastheadContent>
    </Masthead>
  );
  const sidebar = (
    <PageSidebar isSidebarOpen={isOpen}>
      <PageSidebarBody>
        <Nav aria-label="Pages">
          <NavList>
            {PAGES.map(({ path, title }) => (
              <NavItem key={path} itemId={path} isActive={pageOf(pathname)?.path === path} onClick={() => setOpenNarrow(false)}>
                <Link to={path}>{title}</Link>
              </NavItem>
            ))}
            <NavItem itemId="api" to="/api/docs">
              API
            </NavItem>
          </NavList>
        </Nav>
      </PageSidebarBody>
    </PageSidebar>
  );
  return (
    <Page
      masthead={masthead}
      sidebar={mustSignIn ? undefined : sidebar}
      mainContainerId={MAIN}
      skipToContent={<SkipToContent href={`#${MAIN}`}>Skip to content</SkipToContent>}
    >
      {mustSignIn ? <SignInPage /> : <Outlet />}
    </Page>
  );
}
