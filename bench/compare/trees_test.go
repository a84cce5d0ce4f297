package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func twoTrees(t *testing.T) (source, restored string) {
	root := t.TempDir()
	source, restored = filepath.Join(root, "source"), filepath.Join(root, "restored")
	must(t, os.MkdirAll(filepath.Join(source, "dir"), 0o755))
	must(t, os.WriteFile(filepath.Join(source, "dir/file"), make([]byte, 3<<20), 0o644))
	must(t, os.Symlink("dir/file", filepath.Join(source, "link")))
	must(t, os.Link(filepath.Join(source, "dir/file"), filepath.Join(source, "second")))
	must(t, exec.Command("cp", "-a", source, restored).Run())
	return source, restored
}

func TestEqual(t *testing.T) {
	got, err := compareTrees(twoTrees(t))
	must(t, err)
	if got.Entries != 4 || len(got.Wrong) > 0 || got.Lost != (lost{}) {
		t.Errorf("%+v", got)
	}
}

func TestDifferences(t *testing.T) {
	for what, test := range map[string]struct {
		change func(restored string) error
		wrong  []string
		lost   lost
	}{
		"missing":   {func(at string) error { return os.Remove(at + "/link") }, []string{"missing: link"}, lost{}},
		"too many":  {func(at string) error { return os.Mkdir(at+"/more", 0o755) }, []string{"not in the source: more"}, lost{}},
		"elsewhere": {func(at string) error { os.Remove(at + "/link"); return os.Symlink("x", at+"/link") }, []string{"a link to elsewhere: link"}, lost{}},
		"type":      {func(at string) error { os.Remove(at + "/link"); return os.Mkdir(at+"/link", 0o755) }, []string{"of another type: link"}, lost{}},
		"size":      {func(at string) error { return os.Truncate(at+"/second", 5) }, []string{"of another size: dir/file", "of another size: second"}, lost{}},
		"last byte": {func(at string) error {
			file, err := os.OpenFile(at+"/second", os.O_RDWR, 0)
			if err == nil {
				_, err = file.WriteAt([]byte{1}, 3<<20-1)
			}
			return err
		}, []string{"of other content: dir/file", "of other content: second"}, lost{}},
		"mode":  {func(at string) error { return os.Chmod(at+"/dir", 0o700) }, nil, lost{Mode: 1}},
		"owner": {func(at string) error { return os.Lchown(at+"/link", 5, 5) }, nil, lost{Owner: 1}},
		"time":  {func(at string) error { return os.Chtimes(at+"/dir", time.Time{}, time.Unix(5, 0)) }, nil, lost{Times: 1}},
		"hard link": {func(at string) error {
			must(t, os.Remove(at+"/second"))
			return exec.Command("cp", "-a", at+"/dir/file", at+"/second").Run()
		}, nil, lost{HardLinks: 1}},
	} {
		t.Run(what, func(t *testing.T) {
			source, restored := twoTrees(t)
			must(t, test.change(restored))
			got, err := compareTrees(source, restored)
			must(t, err)
			slices.Sort(got.Wrong)
			if !slices.Equal(got.Wrong, test.wrong) || got.Lost != test.lost {
				t.Errorf("%+v", got)
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
