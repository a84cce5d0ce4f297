import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import AdjustIcon from '@patternfly/react-icons/dist/esm/icons/adjust-icon';
import MoonIcon from '@patternfly/react-icons/dist/esm/icons/moon-icon';
import SunIcon from '@patternfly/react-icons/dist/esm/icons/sun-icon';
import { useEffect, useState } from 'react';
import { applyTheme, chooseTheme, followSystemTheme, readTheme, THEMES, type Theme } from './theme.ts';

const SHOWN: Record<Theme, { icon: React.ReactNode; label: string }> = {
  system: { icon: <AdjustIcon />, label: 'As the system' },
  light: { icon: <SunIcon />, label: 'Light' },
  dark: { icon: <MoonIcon />, label: 'Dark' },
};

export function ThemeToggle() {
  const [theme, setTheme] = useState(readTheme);
  useEffect(() => followSystemTheme(() => applyTheme(theme)), [theme]);
  return (
    <ToggleGroup aria-label="Colours" isCompact>
      {THEMES.map((each) => (
        <ToggleGroupItem
          key={each}
          icon={SHOWN[each].icon}
          aria-label={SHOWN[each].label}
          title={SHOWN[each].label}
          buttonId={`theme-${each}`}
          isSelected={theme === each}
          onChange={() => {
            setTheme(each);
            chooseTheme(each);
          }}
        />
      ))}
    </ToggleGroup>
  );
}
